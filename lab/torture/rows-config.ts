import { sleep } from '../process.js';
import { SECRETS } from './bench.js';
import type { Bench, Row } from './row.js';
import { imageRow } from './rows.js';
import { ask, type EngineContainer } from './state.js';

const WORKS = { exitCode: 0, verdict: 'works', primary: null } as const;
const ENDED = { exitCode: 2, verdict: 'unknown', primary: 'unrecognised' } as const;
const NOT_REACHED = { exitCode: 2, verdict: 'unknown', primary: 'probe-not-reached' } as const;
const TOLD = 'TOLD';

interface Inspected {
  Config: { Env: string[] };
  HostConfig: {
    Binds: string[] | null;
    NetworkMode: string;
    Privileged: boolean;
    PidsLimit: number;
    Memory: number;
    CapAdd: string[] | null;
    CapDrop: string[] | null;
    SecurityOpt: string[] | null;
  };
  Mounts: unknown[];
}

/** Looks at the action's container from outside while it runs. */
const fromOutside = async (bench: Bench, ended: () => boolean): Promise<string[]> => {
  while (!ended()) {
    const held = await ask<EngineContainer[]>(bench.socket, '/containers/json').catch(() => []);
    const one = held.find(({ Labels }) => 'cuda-image-check.run' in Labels);
    const found =
      one &&
      (await ask<Inspected>(bench.socket, `/containers/${one.Id}/json`).catch(() => undefined));
    if (found !== undefined) {
      const { Config, HostConfig, Mounts } = found;
      const env = Config.Env.join('\n');
      return [
        ...Object.entries(SECRETS).flatMap(([name, value]) =>
          env.includes(value) || Config.Env.some((line) => line.startsWith(`${name}=`))
            ? [`${name} is in the container's environment`]
            : [],
        ),
        ...(/^(?:GITHUB|RUNNER|ACTIONS|INPUT)_/m.test(env)
          ? ['the runner’s variables are inside']
          : []),
        ...(Mounts.length > 0 || (HostConfig.Binds ?? []).length > 0
          ? ['something is mounted']
          : []),
        ...(HostConfig.NetworkMode === 'none' ? [] : [`network ${HostConfig.NetworkMode}`]),
        ...(HostConfig.Privileged ? ['it is privileged'] : []),
        ...(HostConfig.PidsLimit > 0 && HostConfig.Memory > 0 ? [] : ['no limits']),
        ...((HostConfig.CapDrop ?? []).includes('ALL') ? [] : ['capabilities are not dropped']),
        ...((HostConfig.CapAdd ?? []).some((one) => !/^(?:CAP_)?DAC_OVERRIDE$/.test(one))
          ? ['capabilities are added']
          : []),
        ...((HostConfig.SecurityOpt ?? []).some((one) => one.startsWith('no-new-privileges'))
          ? []
          : ['new privileges are allowed']),
      ];
    }
    await sleep(20);
  }
  return ['the container was never seen running'];
};

export const configRows: readonly Row[] = [
  imageRow({
    name: 'secrets-from-inside',
    part: 'config',
    what: 'prints everything that it can see: environment, mounts, command lines, sockets, network; and fails, so that it is shown',
    how: 'the step’s environment has five secrets; the entry point prints `env`, /proc/*/environ, mountinfo, /proc/net/dev, capabilities, and looks for a socket of the engine; exit 1',
    image: {
      wrapper: `env; tr '\\0' '\\n' </proc/1/environ; cat /proc/1/cmdline | tr '\\0' ' '; echo
while read -r key value; do case "$key" in CapEff:|NoNewPrivs:) echo "${TOLD} $key $value";; esac; done </proc/self/status
echo "${TOLD} networks $(ls /sys/class/net | tr '\\n' ' ')"
while read -r line; do case "$line" in */_temp*|*docker.sock*) echo "${TOLD} mount $line";; esac; done </proc/self/mountinfo
ls /run/docker.sock /var/run/docker.sock /github 2>&1
sleep 1; exit 1`,
    },
    expect: ENDED,
    during: fromOutside,
    also: (run) => {
      const told = run.reportText;
      const expected = ['CapEff: 0000000000000002', 'NoNewPrivs: 1', 'networks lo '];
      return [
        ...expected
          .filter((line) => !told.includes(`${TOLD} ${line}`))
          .map((line) => `inside it is not so: ${line}`),
        ...(told.includes(`${TOLD} mount`) ? ['the runner’s folders are mounted'] : []),
        ...(/GITHUB_[A-Z]+=/.test(run.reportText) ? ['variables of the runner are inside'] : []),
      ];
    },
  }),
  imageRow({
    name: 'own-entry-point',
    part: 'config',
    what: 'has an entry point and a command of its own that leave a mark',
    how: '`ENTRYPOINT ["/bin/sh", "-c", "echo forged; exit 0"]`, `CMD ["--works"]`: neither runs',
    image: {
      config: { Entrypoint: ['/bin/sh', '-c', 'echo ENTRYPOINT-RAN; exit 0'], Cmd: ['--works'] },
    },
    expect: WORKS,
    also: (run) => (run.log.includes('ENTRYPOINT-RAN') ? ['the image’s own entry point ran'] : []),
  }),
  imageRow({
    name: 'own-health-check',
    part: 'config',
    what: 'has a HEALTHCHECK, which the engine would run beside the probe every second',
    how: 'the check ends the container’s first process; the entry point gives it 3 s before the probe',
    image: {
      wrapper: 'trap "exit 9" TERM\nsleep 3\n[ ! -e /tmp/health-check-ran ] || exit 9\nexec "$@"',
      config: {
        Healthcheck: {
          Test: ['CMD-SHELL', 'touch /tmp/health-check-ran; kill -9 1; exit 1'],
          Interval: 1_000_000_000,
          Timeout: 1_000_000_000,
          Retries: 1,
        },
      },
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'own-volumes',
    part: 'config',
    what: 'declares volumes, which the engine makes for it',
    how: '`VOLUME` of 20 folders, /tmp and the CUDA folder among them',
    image: {
      config: {
        Volumes: Object.fromEntries(
          ['/tmp', '/data', '/root', ...Array.from({ length: 17 }, (_, at) => `/volume-${at}`)].map(
            (path) => [path, {}],
          ),
        ),
      },
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'own-onbuild-and-shell',
    part: 'config',
    what: 'has ONBUILD steps, a SHELL, exposed ports and arguments that are escaped',
    how: 'members of the configuration that only a build or another program reads',
    image: {
      config: {
        OnBuild: ['RUN touch /onbuild-ran', 'COPY . /'],
        Shell: ['/evil'],
        ExposedPorts: { '1/tcp': {}, '65535/udp': {} },
        ArgsEscaped: true,
        Domainname: 'evil',
        Hostname: 'localhost',
      },
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'own-user-unknown',
    part: 'config',
    what: 'names a user that it does not have',
    how: '`USER nobody-there`: the engine refuses to start it, as it would the real job',
    image: { user: 'nobody-there' },
    expect: ENDED,
  }),
  imageRow({
    name: 'own-user-hostile',
    part: 'config',
    what: 'names a user that looks like an option or a command',
    how: '`USER "--privileged\\n::error::forged"`',
    image: { user: '--privileged\n::error::forged' },
    expect: ENDED,
  }),
  imageRow({
    name: 'own-stop-signal',
    part: 'config',
    what: 'has a STOPSIGNAL that nothing reacts to, and ignores the others',
    how: '`STOPSIGNAL SIGWINCH`, a trap for every signal, `timeout: 6s`',
    image: {
      wrapper: "trap '' HUP INT TERM QUIT\nwhile :; do sleep 60; done",
      config: { StopSignal: 'SIGWINCH', StopTimeout: 100000 },
    },
    inputs: { timeout: '6s' },
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'own-stop-signal-invalid',
    part: 'config',
    what: 'has a STOPSIGNAL that does not exist',
    how: '`STOPSIGNAL SIGEVIL`: Docker 20.10 takes it, and the removal of the container asks for no stop signal',
    image: { config: { StopSignal: 'SIGEVIL' } },
    expect: WORKS,
  }),
  imageRow({
    name: 'own-working-folder',
    part: 'config',
    what: 'has a working folder that is a file, above the root and full of odd characters',
    how: '`WORKDIR /etc/passwd`',
    image: { config: { WorkingDir: '/etc/passwd' } },
    expect: ENDED,
  }),
  imageRow({
    name: 'five-thousand-variables',
    part: 'config',
    what: 'has an environment of 5,000 entries',
    how: 'CUDA_*, NVIDIA_* and other names, values of 100 characters',
    image: {
      env: Object.fromEntries(
        Array.from({ length: 5000 }, (_, at) => [
          `${['CUDA_EVIL', 'NVIDIA_EVIL', 'LD_EVIL', 'X'][at % 4]}_${at}`,
          'v'.repeat(100),
        ]),
      ),
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'variable-too-long',
    part: 'config',
    what: 'has a variable that is longer than the kernel takes',
    how: 'a value of 200 KiB: nothing can be started in it',
    image: { env: { CUDA_EVIL: 'v'.repeat(200 * 1024) } },
    expect: ENDED,
  }),
  imageRow({
    name: 'hostile-variables',
    part: 'config',
    what: 'has variables without a name, without a value, twice, with line feeds, commands and HTML',
    how: '`Env` of the configuration as a list of such lines; the second `CUDA_VERSION`, which is none, is a requirement that nothing enforces here',
    image: {
      config: {
        Env: [
          'PATH=/usr/bin:/bin',
          'CUDA_VERSION=12.2.2',
          'CUDA_VERSION=12.2.2\n::error::forged',
          'CUDA_HOME=<script>alert(1)</script>\u001b[2J##[error]',
          'NVIDIA_VISIBLE_DEVICES=all',
          'NVIDIA_REQUIRE_EVIL=',
          'NV_CUDA_LIB_VERSION=`|[x](http://evil) @lab #1 $x$',
          'NOVALUE',
          'GITHUB_OUTPUT=/dev/null',
        ],
      },
    },
    expect: { exitCode: 0, verdict: 'works', primary: 'requirement-too-strict' },
  }),
  imageRow({
    name: 'requirement-without-end',
    part: 'config',
    what: 'has a requirement of 10,000 alternatives, of which one is met',
    how: '`NVIDIA_REQUIRE_EVIL` of 110 KiB',
    image: { env: { NVIDIA_REQUIRE_EVIL: `${'cuda>=99.0 '.repeat(10_000)}cuda>=12.0` } },
    expect: WORKS,
  }),
  imageRow({
    name: 'hostile-labels',
    part: 'config',
    what: 'has 2,000 labels: Markdown, HTML, commands, the action’s own label',
    how: '`cuda-image-check.run` of another run among them, `org.opencontainers.image.*`, `__proto__`',
    image: {
      labels: {
        'cuda-image-check.run': 'somebody-else',
        'org.opencontainers.image.title': '<img src=x onerror=alert(1)>\n::error::forged\u001b[2J',
        'com.nvidia.cuda': '`|](http://evil) ##[error]',
        maintainer: '@lab #1 \u202e',
        constructor: 'x',
        ...Object.fromEntries(
          Array.from({ length: 2000 }, (_, at) => [`com.nvidia.label-${at}`, 'x'.repeat(200)]),
        ),
      },
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'other-runtime-variables',
    part: 'config',
    what: 'asks the container toolkit for more than it is given',
    how: '`NVIDIA_DRIVER_CAPABILITIES=all`, `NVIDIA_VISIBLE_DEVICES` with paths, `NVIDIA_MOUNT`, `NVIDIA_IMEX_CHANNELS`, `NVIDIA_DISABLE_REQUIRE`',
    image: {
      env: {
        NVIDIA_DRIVER_CAPABILITIES: 'all',
        NVIDIA_MOUNT: '/etc:/etc',
        NVIDIA_IMEX_CHANNELS: '../../..',
        NVIDIA_DISABLE_REQUIRE: '1',
        NVIDIA_VISIBLE_DEVICES: '/var/run/nvidia-container-devices/../../..',
      },
    },
    expect: WORKS,
  }),
];
