import { describe, expect, it } from '@jest/globals';
import type { Facts } from '../../src/core/facts.js';
import { explainText } from '../../src/explain.js';
import { recognise, recogniseFacts } from '../../src/recognise/recognise.js';
import { createTables } from '../../src/recognise/recogniser.js';

const TABLES = createTables();
const facts = (given: Omit<Facts, 'schema'>): Facts => ({
  schema: 'cuda-image-check/facts@1',
  ...given,
});
const lead = (text: string, given?: Facts): string | undefined =>
  recognise(text, given, TABLES)[0]?.id;
const command = (line: string): Pick<Facts, 'failure'> => ({
  failure: { command: line, text: '' },
});

describe('whose memory is full', () => {
  const OOM = (held: string, asked: string): string =>
    `torch.OutOfMemoryError: CUDA out of memory. Tried to allocate ${asked}. GPU 0 has a total capacity of 23.65 GiB of which 10.00 MiB is free. Process 2310 has 22.10 GiB memory in use. Of the allocated memory ${held} is allocated by PyTorch, and 200.00 MiB is reserved by PyTorch but unallocated.`;

  it.each([
    ['another process holds most of it', OOM('1.20 GiB', '64.00 MiB'), 'gpu-busy'],
    ['the program itself holds most of it', OOM('21.50 GiB', '64.00 MiB'), undefined],
    ['more is asked for than the GPU has', OOM('1.20 GiB', '30.00 GiB'), undefined],
    [
      'a tensor of TensorFlow does not fit',
      'ResourceExhaustedError: OOM when allocating tensor with shape[64,512,512,64]',
      undefined,
    ],
  ])('%s', (_case, text, finding) => {
    expect(lead(text)).toBe(finding);
  });
});

describe('what facts decide', () => {
  it('reads the number that PyTorch prints as a CUDA version, never as a driver', () => {
    const [first] = recognise(
      'The NVIDIA driver on your system is too old (found version 11040).',
      undefined,
      TABLES,
    );
    expect(first?.id).toBe('driver-too-old');
    expect(first?.data).toMatchObject({ driverCuda: '11.4' });
    expect(first?.data.driver).toBeUndefined();
  });

  it('tells error 35 of an old driver from error 35 without any driver', () => {
    const text = 'CUDA driver version is insufficient for CUDA runtime version';
    expect(lead(text)).toBe('driver-too-old');
    const host = { driver: { version: '535.104.05', cuda: '12.2' } };
    expect(
      lead(text, facts({ host, image: { cuda: '12.4' }, ...command('docker run --gpus all app') })),
    ).toBe('driver-too-old');
    expect(lead(text, facts({ host, image: { cuda: '11.8' }, ...command('docker run app') }))).toBe(
      'gpu-not-requested',
    );
    expect(
      lead(text, facts({ host, image: { cuda: '11.8' }, ...command('docker run --gpus all app') })),
    ).toBe('driver-capabilities-missing');
    expect(lead(`${text}\nImportError: libcuda.so.1: cannot open shared object file`)).toBe(
      'gpu-not-requested',
    );
  });

  it.each([
    ['an unknown cause', facts({}), 'gpu-device-access-lost'],
    [
      'rootless',
      facts({ host: { engine: { name: 'podman', rootless: true } } }),
      'gpu-device-permission-denied',
    ],
    [
      'SELinux',
      facts({ host: { os: 'Fedora 40, SELinux enforcing' } }),
      'gpu-device-permission-denied',
    ],
    [
      'no-cgroups',
      facts({ host: { containerToolkit: { version: '1.17.4, no-cgroups = true' } } }),
      'container-toolkit-misconfigured',
    ],
  ])('NVML Unknown Error with %s', (_name, given, expected) => {
    expect(lead('Failed to initialize NVML: Unknown Error', given)).toBe(expected);
  });

  it('knows an engine that cannot see the toolkit', () => {
    const text = 'could not select device driver "" with capabilities: [[gpu]]';
    expect(lead(text)).toBe('container-toolkit-missing');
    expect(
      lead(text, facts({ host: { engine: { name: 'docker', version: '24.0.5 (snap)' } } })),
    ).toBe('engine-confined');
    expect(lead(text, facts({ host: { os: 'Docker Desktop' } }))).toBe('engine-confined');
    expect(lead(text, facts({ host: { engine: { name: 'docker', version: '24-dind' } } }))).toBe(
      'nested-engine-without-gpu',
    );
  });

  it('names the CDI devices of an engine that has no hook, and only where there are some', () => {
    const text = 'could not select device driver "" with capabilities: [[gpu]]';
    const on = (cdiDevices: string[]) => recognise(text, facts({ host: { cdiDevices } }))[0];
    expect(on(['nvidia.com/gpu=0', 'nvidia.com/gpu=all'])).toMatchObject({
      id: 'container-toolkit-missing',
      data: { device: 'nvidia.com/gpu=all' },
    });
    expect(on(['amd.com/gpu=all'])?.data.device).toBeUndefined();
  });

  it('blames the kernel module of a Blackwell GPU', () => {
    const host = {
      driver: { kernelModule: 'proprietary' },
      gpus: [{ name: 'NVIDIA GeForce RTX 5090' }],
    };
    expect(lead('No devices were found', facts({ host }))).toBe('open-kernel-module-required');
    expect(lead('No devices were found')).toBe('gpu-lost');
  });

  it('says the GPU and the driver with the same 804', () => {
    const text = 'Error 804: forward compatibility was attempted on non supported HW';
    const on = (name: string) =>
      recognise(
        text,
        facts({ host: { driver: { version: '525.60.13' }, gpus: [{ index: 0, name }] } }),
        TABLES,
      )[0];
    expect(on('NVIDIA GeForce RTX 3090')?.data.gpus).toEqual(['0: NVIDIA GeForce RTX 3090']);
    expect(on('NVIDIA A100-SXM4-80GB')?.data.driver).toBe('525.60.13');
  });

  it('gives different advice for 804 on a GeForce and on an A100', async () => {
    const text = new TextEncoder().encode(
      'Error 804: forward compatibility was attempted on non supported HW',
    );
    const advice = async (name: string) => {
      const given = facts({
        host: { driver: { version: '525.60.13', cuda: '12.0' }, gpus: [{ index: 0, name }] },
        image: { cuda: '12.8', compatDriver: { version: '570.124.06' } },
      });
      const { findings } = await explainText([text], given, TABLES);
      expect(findings[0]?.id).toBe('forward-compatibility-unsupported');
      return `${findings[0]?.title} ${findings[0]?.why} ${findings[0]?.fixes.join(' ')}`;
    };
    expect(await advice('NVIDIA GeForce RTX 3090')).not.toBe(await advice('NVIDIA A100-SXM4-80GB'));
  });
});

describe('root cause before consequence', () => {
  it.each([
    [
      'requirement-unmet',
      'docker: Error response from daemon: OCI runtime create failed\nnvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8\nProcess completed with exit code 125.',
    ],
    [
      'driver-too-old',
      'torch.cuda.is_available() False\nThe NVIDIA driver on your system is too old (found version 11040).\nRuntimeError: Failed to infer device type',
    ],
    [
      'cdi-spec-stale',
      'could not apply required modification to OCI specification: failed to stat CDI host device "/dev/nvidia3": no such file or directory',
    ],
    [
      'cuda-library-missing',
      'Failed to create CUDAExecutionProvider.\nFailed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file',
    ],
    [
      'open-kernel-module-required',
      'No devices were found\nNVRM: installed in this system requires use of the NVIDIA open kernel modules.\nNVRM: RmInitAdapter failed!',
    ],
  ])('%s', (expected, text) => {
    expect(lead(text)).toBe(expected);
  });

  it('decides nothing from is_available() alone, and says so', async () => {
    const { findings } = await explainText([
      new TextEncoder().encode(
        '>>> torch.cuda.is_available()\nFalse\ntorch.cuda.is_available() = False',
      ),
    ]);
    expect(findings.map((finding) => finding.id)).toEqual(['unrecognised']);
    expect(findings[0]?.data.notes?.[0]).toMatch(/decides nothing/);
    expect(findings[0]?.data.text).toContain('is_available');
  });

  it('shows the beginning and the end of a text that nobody knows', async () => {
    const long = `first words\n${'something else\n'.repeat(20_000)}last words`;
    const { findings } = await explainText([new TextEncoder().encode(long)]);
    const text = findings[0]?.data.text ?? '';
    expect(text).toContain('first words');
    expect(text).toContain('last words');
    expect(text.length).toBeLessThan(20_000);
  });
});

describe('texts inside a facts document', () => {
  it("reads the engine, the probe and the frameworks in the order of a container's life", () => {
    const found = recogniseFacts(
      facts({
        failure: {
          stage: 'start',
          exitCode: 125,
          text: 'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8',
        },
        probe: {
          frameworks: [
            {
              name: 'torch',
              error: 'CUDA error: no kernel image is available for execution on the device',
            },
          ],
        },
      }),
      TABLES,
    );
    expect(found.map((finding) => [finding.id, finding.evidence[0]?.from])).toEqual([
      ['requirement-unmet', 'engine'],
      ['no-kernel-for-gpu', 'torch'],
    ]);
  });

  it.each([
    ['libc-incompatible', 'exec /cuda-image-probe: no such file or directory'],
    [
      'libc-incompatible',
      'OCI runtime create failed: runc create failed: unable to start container process: exec: "/cuda-image-probe": stat /cuda-image-probe: no such file or directory',
    ],
    ['platform-mismatch', 'exec /cuda-image-probe: exec format error'],
    [
      'libc-incompatible',
      "/cuda-image-probe: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /cuda-image-probe)",
    ],
    ['container-toolkit-missing', 'could not select device driver "" with capabilities: [[gpu]]'],
  ])('%s at the start of the probe', (expected, text) => {
    expect(recogniseFacts(facts({ failure: { stage: 'start', text } }), TABLES)[0]?.id).toBe(
      expected,
    );
  });

  it('says nothing about facts without texts', () => {
    expect(recogniseFacts(facts({ host: { driver: { version: '535.104.05' } } }))).toEqual([]);
  });
});

describe('what another line decides', () => {
  it.each([
    // Any module can be unsigned or fail to build.
    ['Loading of unsigned module is rejected', undefined],
    ['Loading of unsigned module is rejected\nloading nvidia.ko', 'driver-not-loaded'],
    ['State : In Progress', undefined],
    ['State : In Progress\nCliqueId : 0', 'fabric-manager-not-running'],
    ['Failed to run mount hooks', undefined],
    ['Failed to run mount hooks\nnvidia.runtime: "true"', 'container-toolkit-misconfigured'],
    ["==> ERROR: module not found: 'nvidia_uvm'", 'uvm-unavailable'],
    [
      "==> ERROR: module not found: 'nvidia_uvm'\n==> ERROR: module not found: 'nvidia'",
      'driver-not-loaded',
    ],
    ['You requested gpu: [0]\n But your machine only has: []', 'gpu-not-requested'],
    ['You requested gpu: [0, 1]\n But your machine only has: [0]', 'gpu-count-mismatch'],
  ])('%j leads with %s', (text, id) => {
    expect(lead(text)).toBe(id);
  });
});

describe('what draws', () => {
  const VULKAN = 'vk: Cannot find a compatible Vulkan Driver (ICD).';
  const asking = (capabilities: string): Facts =>
    facts({ image: { env: { NVIDIA_DRIVER_CAPABILITIES: capabilities } } });

  it('lacks graphics, which the words name', () => {
    const [found] = recognise(VULKAN, undefined, TABLES);
    expect(found?.id).toBe('driver-capabilities-missing');
    expect(found?.data.clause).toBe('graphics');
  });

  it.each([
    ['compute,utility', 'driver-capabilities-missing'],
    ['all', undefined],
    ['compute, graphics', undefined],
  ])('of an image that asks for %s: %s', (capabilities, expected) => {
    expect(lead(VULKAN, asking(capabilities))).toBe(expected);
  });

  it('is not told by a browser that goes on', () => {
    expect(
      lead('eglInitialize OpenGL failed with error EGL_NOT_INITIALIZED, trying next display type'),
    ).toBeUndefined();
  });
});

describe('a toolkit that a build asks for', () => {
  it.each([
    ['conftest.c:9:10: fatal error: cuda.h: No such file or directory', undefined],
    ['-- Could not find nvcc, please set CUDAToolkit_ROOT.', undefined],
    ['UserWarning: CUDA_HOME is not set', undefined],
    ['kernel.cu:1:10: fatal error: cuda.h: No such file or directory', 'cuda-library-missing'],
    ['OSError: CUDA_HOME environment variable is not set', 'cuda-library-missing'],
  ])('%s: %s', (text, expected) => {
    expect(lead(text)).toBe(expected);
  });
});

it('does not take a start of the check’s own container for one without GPUs', () => {
  const given = facts({
    failure: {
      stage: 'start',
      command: 'docker start --attach cuda-image-check-a-1',
      text: 'failed to generate CDI spec: failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND',
    },
  });
  expect(recogniseFacts(given, TABLES)[0]?.id).not.toBe('gpu-not-requested');
});
