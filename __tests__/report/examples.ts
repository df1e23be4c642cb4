import { assess } from '../../src/assess.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';
import { hostOf } from '../../src/core/profile.js';
import type { Waiver } from '../../src/core/waiver.js';
import type { ImageReport, ImageSource, Report } from '../../src/report/report.js';
import { waive } from '../../src/waive.js';
import { JUDGED } from './judged.js';
import {
  A100,
  finding,
  goodProbe,
  image,
  L4,
  numbered,
  pairFacts,
  probeGpu,
  report,
  simulated,
  T4,
} from './reports.js';

const UNREAD_CODE = { what: 'device code', why: "the image's files were not read (depth: probe)" };

function works(): ImageReport {
  const gpus = numbered([A100]);
  return image(pairFacts({ probe: goodProbe(gpus) }), { unchecked: [UNREAD_CODE] });
}

function minorVersion(): ImageReport {
  const gpus = numbered([T4]);
  const pair = { driver: '535.104.05', driverCuda: '12.2', gpus };
  return image(pairFacts({ ...pair, probe: goodProbe(gpus, pair) }), {
    versions: {
      driver: '535.104.05',
      driverCuda: '12.2',
      cuda: '12.8.1',
      needsDriver: '570.26',
      needsDriverMinor: '525.60.13',
      newestCuda: '12.9',
      newestCudaFull: '12.2',
    },
    findings: [
      finding('minor-version-compatibility', {
        title:
          'Driver 535.104.05 runs CUDA 12.8.1 by minor-version compatibility; full function from 570.26 on',
        why: 'Within one CUDA major version a program runs on an older driver of that major. Code that exists only as PTX or is compiled at run time may be refused with error 222.',
        fixes: [
          'Nothing has to be done while the program stays within these limits',
          'On the runner, install driver 570.26 or newer and reboot: sudo apt-get update && sudo apt-get install -y cuda-drivers-570 && sudo reboot',
        ],
        evidence: [
          { what: 'host driver', value: '535.104.05', from: 'nvidia-smi' },
          { what: 'image CUDA', value: '12.8.1', from: 'image environment CUDA_VERSION' },
        ],
      }),
    ],
  });
}

export function driverTooOld(reference = 'nvcr.io/nvidia/pytorch:25.09-py3'): ImageReport {
  const gpus = numbered([simulated(A100)]);
  const pair = { reference, driver: '535.104.05', driverCuda: '12.2', cuda: '13.0.1', gpus };
  const probe = {
    ...goodProbe(gpus, pair),
    runtime: { path: '/usr/local/cuda/lib64/libcudart.so.13', version: '13.0', code: 35 },
  };
  return image(pairFacts({ ...pair, probe }), {
    versions: {
      driver: '535.104.05',
      driverCuda: '12.2',
      cuda: '13.0.1',
      needsDriver: '580.82.07',
      needsDriverMinor: '580.65.06',
      newestCuda: '12.9',
      newestCudaFull: '12.2',
    },
    findings: [
      finding('driver-too-old', {
        title: 'Driver 535.104.05 is too old for CUDA 13.0.1, which needs 580.65.06 or newer',
        why: "The CUDA libraries of the image need a driver of at least their own major version's first release, and driver 535.104.05 is of CUDA 12.2.",
        fixes: [
          'Use an image for CUDA 12.9 or older, the newest that driver 535.104.05 serves (with every feature: 12.2)',
          'On the runner, install driver 580.65.06 or newer and reboot: sudo apt-get update && sudo apt-get install -y cuda-drivers-580 && sudo reboot',
        ],
        evidence: [
          { what: 'host driver', value: '535.104.05', from: 'nvidia-smi' },
          { what: 'CUDA of the host driver', value: '12.2', from: 'nvidia-smi' },
          { what: 'image CUDA', value: '13.0.1', from: 'image environment CUDA_VERSION' },
          {
            what: 'container cudaGetDeviceCount',
            value: '35 cudaErrorInsufficientDriver',
            from: 'probe',
          },
        ],
      }),
    ],
    unchecked: [UNREAD_CODE],
  });
}

function requirementUnmet(): ImageReport {
  const pair = { driver: '470.82.01', driverCuda: '11.4', cuda: '12.8.1' };
  const text =
    'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running hook #0: exit status 1, stdout: , stderr: Auto-detected mode as "legacy"\nnvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown';
  return image(
    pairFacts({
      ...pair,
      failure: {
        stage: 'start',
        command: 'docker start --attach cuda-image-check-4f1d',
        exitCode: 1,
        text,
      },
    }),
    {
      versions: {
        driver: '470.82.01',
        driverCuda: '11.4',
        cuda: '12.8.1',
        needsDriver: '570.26',
        needsDriverMinor: '525.60.13',
        newestCuda: '11.8',
        newestCudaFull: '11.4',
      },
      findings: [
        finding('requirement-unmet', {
          title: 'The image requires cuda>=12.8, the runner has driver 470.82.01 (CUDA 11.4)',
          why: 'NVIDIA_REQUIRE_CUDA of the image is not met, and the container toolkit enforces it here: the container is refused before anything in it runs.',
          fixes: [
            'Use a variant of the image that fits this runner: nvidia/cuda:11.4.3-base-ubuntu20.04',
            'On the runner, install driver 570.26 or newer and reboot: sudo apt-get update && sudo apt-get install -y cuda-drivers-570 && sudo reboot',
            'To start it all the same, if you know that CUDA runs on driver 470.82.01: docker run -e NVIDIA_DISABLE_REQUIRE=1 …',
          ],
          evidence: [
            { what: 'host driver', value: '470.82.01', from: 'nvidia-smi' },
            {
              what: 'image requirement',
              value: 'cuda>=12.8 brand=tesla,driver>=470,driver<471 || brand=unknown,driver>=535',
              from: 'image environment NVIDIA_REQUIRE_CUDA',
            },
            {
              what: "engine's words",
              value: 'requirement error: unsatisfied condition: cuda>=12.8',
              from: 'docker start',
            },
          ],
        }),
      ],
      unchecked: [
        { what: 'libcuda in the container', why: 'the container did not start' },
        { what: 'kernel on every GPU', why: 'the container did not start' },
      ],
    },
  );
}

function toolkitMissing(): ImageReport {
  const facts = pairFacts({
    failure: {
      stage: 'create',
      command: 'docker create --gpus all nvidia/cuda:12.8.1-base-ubuntu22.04',
      exitCode: 125,
      text: 'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
    },
  });
  if (facts.host !== undefined) delete facts.host.containerToolkit;
  return image(facts, {
    findings: [
      finding('container-toolkit-missing', {
        title:
          'The engine cannot hand GPUs to a container: the NVIDIA Container Toolkit is missing',
        why: 'Docker found no runtime hook named nvidia-container-runtime-hook when it started, so `--gpus` has nobody to serve it.',
        fixes: [
          'Install it and restart the engine: sudo apt-get install -y nvidia-container-toolkit && sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker',
        ],
        evidence: [
          {
            what: "engine's words",
            value: 'could not select device driver "" with capabilities: [[gpu]]',
            from: 'docker create',
          },
          { what: 'host driver', value: '580.65.06', from: 'nvidia-smi' },
        ],
      }),
    ],
  });
}

function noKernel(): ImageReport {
  const gpus = numbered([{ name: 'NVIDIA B200', computeCapability: '10.0', memoryMiB: 183_359 }]);
  const facts = pairFacts({
    reference: 'ghcr.io/acme/train:2024-06',
    gpus,
    probe: goodProbe(gpus),
  });
  const frameworks = [
    {
      name: 'torch',
      version: '2.3.1',
      cuda: '12.1',
      targets: ['sm_50', 'sm_80', 'sm_86', 'sm_90'],
    },
  ];
  return image(
    {
      ...facts,
      image: { ...facts.image, frameworks },
      probe: {
        ...facts.probe,
        frameworks: [
          {
            name: 'torch',
            version: '2.3.1',
            available: true,
            devices: [{ index: 0, correct: false, error: 'no kernel image is available' }],
          },
        ],
      },
    },
    {
      findings: [
        finding('no-kernel-for-gpu', {
          title: 'PyTorch 2.3.1 has no device code for GPU 0: NVIDIA B200 (10.0)',
          why: 'It has code for sm_50, sm_80, sm_86 and sm_90, and none of it runs on sm_100. The first kernel fails with error 209, "no kernel image is available for execution on the device".',
          fixes: [
            'Use a release of PyTorch that was built for sm_100: pip install torch==2.9.0 --index-url https://download.pytorch.org/whl/cu128',
            'Run the job on a runner with a GPU that the image has code for',
          ],
          evidence: [
            {
              what: 'host GPU 0',
              value: 'NVIDIA B200, compute capability 10.0',
              from: 'nvidia-smi',
            },
            {
              what: 'image device code',
              value: 'sm_50 sm_80 sm_86 sm_90',
              from: 'torch.cuda.get_arch_list()',
            },
          ],
        }),
      ],
    },
  );
}

function oneOfFour(): ImageReport {
  const gpus = numbered([L4, L4, L4, L4].map(simulated));
  const probe = {
    ...goodProbe(gpus),
    gpus: gpus.map((gpu, at) =>
      probeGpu(
        gpu,
        at === 2
          ? { code: 719, call: 'cuCtxSynchronize', ms: 12 }
          : { code: 0, correct: true, ms: 2.5 },
      ),
    ),
  };
  return image(pairFacts({ gpus, probe }), {
    findings: [
      finding('gpu-lost', {
        title: 'GPU 2: NVIDIA L4 (simulated) (8.9) does not run kernels, the other 3 GPUs do',
        why: 'The same kernel ran on the other GPUs of this runner, so neither the image nor the driver is the cause.',
        fixes: [
          "Look for the GPU's Xid errors: sudo dmesg --ctime | grep -i xid",
          'Take the GPU out of use until it is repaired: sudo nvidia-smi --id=2 --query-gpu=ecc.errors.uncorrected.volatile.total --format=csv',
        ],
        evidence: [
          {
            what: 'container GPU 2',
            value: 'cuCtxSynchronize 719 CUDA_ERROR_LAUNCH_FAILED',
            from: 'probe',
          },
        ],
      }),
    ],
  });
}

function wrongResult(): ImageReport {
  const gpus = numbered([A100, A100]);
  const probe = {
    ...goodProbe(gpus),
    gpus: gpus.map((gpu, at) =>
      probeGpu(gpu, at === 1 ? { code: 0, correct: false, wrongElements: 17, ms: 3.3 } : undefined),
    ),
  };
  return image(pairFacts({ gpus, probe }), {
    findings: [
      finding('gpu-result-wrong', {
        title: 'GPU 1: NVIDIA A100-SXM4-80GB (8.0) computed 17 wrong elements',
        why: 'The kernel ran without an error and its result is wrong: the hardware, its memory or its clocks are not to be trusted.',
        fixes: ['Test the GPU at length: sudo dcgmi diag --run 3 --iterations 1'],
        evidence: [{ what: 'container GPU 1', value: '17 wrong elements of 65536', from: 'probe' }],
      }),
    ],
  });
}

function probeHangs(): ImageReport {
  const facts = pairFacts({
    probe: {
      started: true,
      libcuda: {
        path: '/usr/lib/x86_64-linux-gnu/libcuda.so.580.65.06',
        origin: 'host',
        cuda: '13.0',
      },
      init: { timedOut: true },
      lastStep: 'init',
      timedOut: true,
    },
  });
  return image(facts, {
    findings: [
      finding('probe-timed-out', {
        title: 'cuInit did not return within 30 s',
        why: 'The driver call hangs: the GPU, its kernel module or the fabric is in a bad state.',
        fixes: ['See whether it hangs on the runner as well: timeout 30 nvidia-smi'],
        evidence: [{ what: 'container cuInit', value: 'did not return', from: 'probe' }],
      }),
    ],
    unchecked: [{ what: 'kernel on every GPU', why: 'cuInit did not return' }],
  });
}

function imageNotFound(): ImageReport {
  const reference = 'nvidia/cuda:10.2-cudnn7-devel-ubuntu18.04';
  const facts = pairFacts({
    reference,
    failure: {
      stage: 'pull',
      command: `docker pull ${reference}`,
      exitCode: 1,
      text: `Error response from daemon: manifest for ${reference} not found: manifest unknown: manifest unknown`,
    },
  });
  return image(
    { ...facts, image: { reference } },
    {
      findings: [
        finding('image-not-found', {
          title: `${reference} does not exist in the registry`,
          why: 'NVIDIA deletes the tags of CUDA versions that have reached their end of life.',
          fixes: [
            'See which tags there are: skopeo list-tags docker://docker.io/nvidia/cuda',
            'Use a tag that exists, for example nvidia/cuda:12.8.1-cudnn-devel-ubuntu22.04',
          ],
          evidence: [
            {
              what: "engine's words",
              value: 'manifest unknown: manifest unknown',
              from: 'docker pull',
            },
          ],
        }),
      ],
      unchecked: [{ what: 'everything about the image', why: 'it could not be pulled' }],
    },
  );
}

export const HOSTILE = [
  '::error title=pwned::this is not ours',
  '##[error]nor this',
  '```',
  '</details></details><script>alert(1)</script><img src=x onerror=alert(1)>',
  '| a | b |',
  '|---|---|',
  '\u001b[2J\u001b[31mred\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '# heading \u202e txet desrever',
  '@octocat see #1 and https://evil.example `code` $x$ :tada:',
  '<!-- open comment',
].join('\n');

function unrecognised(): ImageReport {
  const reference = 'evil/`x`|y<script>@octocat:1\u202e';
  const facts = pairFacts({
    reference,
    failure: { stage: 'start', command: 'docker start `x` </summary>', exitCode: 1, text: HOSTILE },
  });
  return image(facts, {
    findings: [
      finding('unrecognised', {
        title: `The container did not start: ${HOSTILE.slice(0, 80)}`,
        why: `No rule knows this text: ${HOSTILE}`,
        fixes: [`Look at the text: ${HOSTILE}`, `docker run \`x\` | sh ; ${HOSTILE}`],
        evidence: [{ what: HOSTILE, value: HOSTILE, from: HOSTILE }],
      }),
    ],
    unchecked: [{ what: HOSTILE, why: HOSTILE }],
  });
}

function notKnown(): ImageReport {
  const facts = pairFacts();
  return image(
    { ...facts, host: { platform: 'linux/amd64' } },
    {
      verdict: 'unknown',
      basis: 'prediction',
      unchecked: [
        { what: 'the driver version', why: 'neither --driver nor a facts file gives it' },
        { what: 'device code', why: 'the image was not pulled' },
      ],
    },
  );
}

function predicted(): ImageReport {
  return image(pairFacts({ gpus: numbered([T4]) }), { basis: 'prediction' });
}

/** One runner for all: driver 535.104.05 with two simulated GPUs. */
function tenImages(): ImageReport[] {
  const gpus = numbered([simulated(A100), simulated(A100)]);
  const runner = { driver: '535.104.05', driverCuda: '12.2', gpus };
  const host = pairFacts(runner).host;
  const here = (one: ImageReport): ImageReport => ({
    ...one,
    facts: { ...one.facts, ...(host === undefined ? {} : { host }) },
  });
  const service = (tag: string): ImageReport => {
    const reference = `registry.example.com/team/service-${tag}:1.${tag}`;
    const pair = { ...runner, reference, cuda: '12.2.2' };
    return image(pairFacts({ ...pair, probe: goodProbe(gpus, pair) }));
  };
  return [
    ...['1', '2', '3'].map(service),
    here(imageNotFound()),
    here(driverTooOld()),
    ...['4', '5', '6'].map(service),
    here(minorVersion()),
    here(requirementUnmet()),
  ];
}

const placeAt = (file: string, line: number, kind: string): ImageSource => ({
  file,
  line,
  column: 6,
  endLine: line,
  endColumn: 40,
  kind,
});

/** A pull request with one image that got worse on one of two runners, one that is better, one that is gone, and what was not told. */
function changesWorse(): Report {
  const source = placeAt('docker/Dockerfile', 3, 'dockerfile');
  const worse = { ...driverTooOld(), source };
  const good = image(pairFacts({ reference: 'nvidia/cuda:12.2.2-base-ubuntu22.04' }));
  return {
    ...report([worse, good], false),
    changes: {
      base: 'f00dcafe'.repeat(5),
      because: 'the base of the pull request',
      files: 4,
      images: [
        {
          source: placeAt('compose.yaml', 5, 'compose'),
          before: 'nvidia/cuda:13.0.0-base-ubuntu22.04',
          after: good.reference,
          profiles: [
            { profile: 'a100', before: 'fails', after: 'works', outcome: 'better', cause: null },
            { profile: 'h100', before: 'works', after: 'works', outcome: 'same', cause: null },
          ],
        },
        {
          source,
          before: 'nvcr.io/nvidia/pytorch:24.05-py3',
          after: worse.reference,
          profiles: [
            {
              profile: 'a100',
              before: 'works',
              after: 'fails',
              outcome: 'worse',
              cause: 'driver-too-old',
            },
            {
              profile: 'h100',
              before: 'unknown',
              after: 'unknown',
              outcome: 'same',
              note: 'other-cause',
              cause: 'registry-unreachable',
            },
          ],
        },
        {
          source: placeAt('deploy/db.yaml', 9, 'kubernetes'),
          after: 'postgres:16',
          profiles: [
            {
              profile: 'a100',
              after: 'unknown',
              outcome: 'new',
              note: 'no-cuda',
              cause: null,
            },
          ],
        },
        { source: placeAt('deploy/old.yaml', 7, 'kubernetes'), before: 'nginx:1.27', profiles: [] },
      ],
      unresolved: [
        {
          source: placeAt('Dockerfile', 2, 'dockerfile'),
          text: '$BASE',
          why: 'ARG BASE has no default, so that only --build-arg says what it is',
        },
      ],
      problems: [
        {
          file: 'chart/values.yaml',
          line: 4,
          column: 1,
          why: 'Flow map must end with a }',
        },
      ],
    },
  };
}

function changesQuiet(): Report {
  const { changes, ...rest } = changesWorse();
  if (changes === undefined) throw new Error('the example has changes');
  return {
    ...rest,
    passed: true,
    images: rest.images.slice(1),
    changes: { ...changes, images: changes.images.slice(0, 1), unresolved: [], problems: [] },
  };
}

/** Three images on three kinds of runners, judged as `predict` does; one image is not in its registry. */
export function fleet(): Report {
  const hosts = [
    { name: 'h100', driver: '550.54.15', gpus: [{ name: 'NVIDIA H100 80GB HBM3', count: 8 }] },
    { name: 't4-old', driver: '470.82.01', gpus: [{ name: 'Tesla T4' }] },
    { name: 'l4-new', driver: '580.65.06', gpus: [{ name: 'NVIDIA L4', count: 2 }] },
  ];
  const images = [
    { reference: 'nvidia/cuda:12.4.1-base-ubuntu22.04', cuda: '12.4.1' },
    { reference: 'nvidia/cuda:13.0.0-base-ubuntu22.04', cuda: '13.0.0' },
    { reference: 'ghcr.io/team/gone:1' },
  ];
  const request = 'GET "https://ghcr.io/v2/team/gone/manifests/1"';
  const text = `failed to do request: ${request}: manifest for ghcr.io/team/gone:1 not found: manifest unknown`;
  return report(
    images.flatMap(({ reference, cuda }) =>
      hosts.map((profile) =>
        assess(
          {
            schema: FACTS_SCHEMA,
            host: hostOf(profile),
            image: { reference, ...(cuda === undefined ? {} : { env: { CUDA_VERSION: cuda } }) },
            ...(cuda === undefined
              ? { failure: { stage: 'pull' as const, command: request, text } }
              : {}),
          },
          'prediction',
          profile.name,
        ),
      ),
    ),
  );
}

const PYTORCH = 'nvcr.io/nvidia/pytorch';
const REASON = 'The A100 hosts get driver 580 in January, see OPS-1234';

/** The report with what these waivers make of it on 2026-11-29. */
function waived(
  { images, ...rest }: Report,
  waivers: readonly (Omit<Waiver, 'reason'> & { reason?: string })[],
): Report {
  const judged = waive(images, {
    path: '.github/gpu-waivers.yml',
    today: '2026-11-29',
    waivers: waivers.map((one, at) => ({ reason: REASON, line: 3 + at * 4, column: 5, ...one })),
  });
  return {
    ...rest,
    ...judged,
    passed: judged.images.every((one) => (one.countsAs ?? one.verdict) === 'works'),
  };
}

const tooOld = (until: string): Waiver => ({
  finding: 'driver-too-old',
  image: `${PYTORCH}:25.*`,
  reason: REASON,
  until,
});

/** A known failure, a waiver that can go and one that is about other images. */
const waivedFailure = () =>
  waived(report([driverTooOld()]), [
    tooOld('2027-01-31'),
    { finding: 'cudnn-mismatch', image: `${PYTORCH}:*`, until: '2026-12-31' },
    { finding: 'driver-too-old', image: 'ghcr.io/acme/**', profile: 't4', until: '2026-10-31' },
  ]);

/** Of four images one works, one is waived, one has a cause beside the waived one, and one cannot be told. */
const partlyWaived = () => {
  const two = driverTooOld('ghcr.io/acme/train:2');
  const [missing] = noKernel().findings;
  const both = { ...two, findings: [...two.findings, ...(missing === undefined ? [] : [missing])] };
  return waived(report([works(), driverTooOld(), both, notKnown()]), [
    tooOld('2027-01-31'),
    { ...tooOld('2026-12-24'), image: 'ghcr.io/acme/*' },
  ]);
};

/** The change that made it worse is waived on the machine where it did. */
function waivedChange(): Report {
  const { changes, images, ...rest } = changesWorse();
  if (changes === undefined) throw new Error('the example has changes');
  const [pulled, worse] = changes.images;
  const profiles = (worse?.profiles ?? [])
    .slice(0, 1)
    .map((one) => ({ ...one, countsAs: 'works' as const }));
  return {
    ...waived({ images, ...rest }, [tooOld('2027-01-31')]),
    changes: {
      ...changes,
      images: [...(pulled ? [pulled] : []), ...(worse ? [{ ...worse, profiles }] : [])],
      unresolved: [],
      problems: [],
    },
  };
}

/** A report for each kind of outcome, by the name of its golden pages. */
export const EXAMPLES: Readonly<Record<string, () => Report>> = {
  works: () => report([works()]),
  'minor-version-compatibility': () => report([minorVersion()]),
  'driver-too-old': () => report([driverTooOld()]),
  'driver-too-old-allowed': () => report([driverTooOld()], true),
  'requirement-unmet': () => report([requirementUnmet()]),
  'container-toolkit-missing': () => report([toolkitMissing()]),
  'no-kernel-for-gpu': () => report([noKernel()]),
  'one-of-four-gpus': () => report([oneOfFour()]),
  'gpu-result-wrong': () => report([wrongResult()]),
  'probe-timed-out': () => report([probeHangs()]),
  'image-not-found': () => report([imageNotFound()]),
  'unrecognised-hostile': () => report([unrecognised()]),
  'not-known': () => report([notKnown()]),
  predicted: () => report([predicted()]),
  'ten-images': () => report(tenImages()),
  fleet,
  'no-image': () => report([], false),
  'changes-worse': changesWorse,
  'changes-quiet': changesQuiet,
  waived: waivedFailure,
  'waived-partly': partlyWaived,
  'waived-fleet': () =>
    waived(fleet(), [
      { finding: 'driver-too-old', image: 'nvidia/cuda:13.*', profile: 't4*', until: '2027-01-31' },
      { finding: 'image-not-found', image: 'ghcr.io/team/gone', until: '2026-11-29' },
    ]),
  'waived-change': waivedChange,
  'waiver-expired': () => waived(report([driverTooOld()]), [tooOld('2026-11-28')]),
  ...Object.fromEntries(Object.entries(JUDGED).map(([name, { make }]) => [name, make])),
};

/** 300 images with ten findings each: 200 fail, 100 work with notes. */
export function hugeReport(): Report {
  const images = Array.from({ length: 300 }, (_, at) => {
    const reference = `registry.example.com/fleet/image-${at}:v${at}`;
    const one = at % 3 === 0 ? minorVersion() : driverTooOld();
    const [first] = one.findings;
    if (first === undefined) throw new Error('the example has a finding');
    const more = Array.from({ length: 9 }, (_, n) => ({
      ...first,
      ...(at % 3 === 0 ? {} : { id: 'cuda-library-missing' as const }),
      title: `libexample${n}.so.${at} of ${first.id}`,
    }));
    return { ...one, reference, findings: [first, ...more] };
  });
  return report(images);
}
