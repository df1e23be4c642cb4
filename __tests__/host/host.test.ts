import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createCliEngine } from '../../src/engine/cli.js';
import { cdiDeviceNames } from '../../src/host/cdi.js';
import {
  gpuMode,
  type InjectionFacts,
  parseToolkitConfig,
  parseToolkitVersion,
} from '../../src/host/container-toolkit.js';
import { parseEngineInfo } from '../../src/host/engine-info.js';
import { gatherHost } from '../../src/host/gather.js';
import { parseYaml } from '../../src/host/parsers.js';
import { parseProcDriver } from '../../src/host/proc-driver.js';
import { parseTegraRelease } from '../../src/host/tegra.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeDocker, DOCKER_INFO } from '../fakes/docker.js';
import { createFakeFiles } from '../fakes/files.js';
import { createFakeShell } from '../fakes/shell.js';

/** What the recorded specification names. */
const DEVICES = ['nvidia.com/gpu=0', 'nvidia.com/gpu=1', 'nvidia.com/gpu=all'];

const PROPRIETARY = `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023
GCC version:  gcc version 11.4.0 (Ubuntu 11.4.0-1ubuntu1~22.04)
`;
const OPEN = `NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build  (dvs-builder@U22-I3-H04-01-5)  Wed Feb 26 01:58:53 UTC 2025
GCC version:  gcc version 13.3.0 (Ubuntu 13.3.0-6ubuntu2~24.04)
`;

describe('parseProcDriver', () => {
  it.each([
    [PROPRIETARY, { version: '535.104.05', kernelModule: 'proprietary' }],
    [OPEN, { version: '570.124.06', kernelModule: 'open' }],
    [
      'NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  580.65.06  Release Build',
      { version: '580.65.06', kernelModule: 'open' },
    ],
    [
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.82\n',
      { version: '470.82', kernelModule: 'proprietary' },
    ],
    ['GCC version: gcc version 11.4.0', undefined],
    ['', undefined],
  ])('reads %j', (text, driver) => {
    expect(parseProcDriver(text)).toEqual(driver);
  });
});

describe('parseTegraRelease', () => {
  it.each([
    [
      '# R36 (release), REVISION: 4.0, GCID: 37537400, BOARD: generic, EABI: aarch64',
      'L4T R36.4.0',
    ],
    ['# R32 (release), REVISION: 7.1, GCID: 29818004, BOARD: t186ref\n', 'L4T R32.7.1'],
    ['NAME="Ubuntu"', undefined],
    ['', undefined],
  ])('reads %j', (text, release) => {
    expect(parseTegraRelease(text)).toBe(release);
  });
});

describe('parseEngineInfo', () => {
  it('reads Docker', () => {
    expect(parseEngineInfo('docker', DOCKER_INFO)).toEqual({
      engine: { name: 'docker', version: '20.10.24+dfsg1', rootless: false },
      os: 'Debian GNU/Linux 12 (bookworm)',
      platform: 'linux/amd64',
      defaultRuntime: 'runc',
      runtimes: ['io.containerd.runc.v2', 'runc'],
      storage: '/var/lib/docker',
    });
  });

  it.each<[string, string, object]>([
    [
      'docker-28-cdi',
      'docker',
      { engine: { name: 'docker', version: '28.5.2+dfsg4', rootless: false }, cdiDevices: DEVICES },
    ],
    [
      'docker-26-hook',
      'docker',
      { engine: { name: 'docker', version: '26.1.5+dfsg1', rootless: false } },
    ],
    [
      'docker-28-hook',
      'docker',
      {
        engine: { name: 'docker', version: '28.5.2+dfsg4', rootless: false },
        defaultRuntime: 'runc',
      },
    ],
    [
      'podman-5.8',
      'podman',
      { engine: { name: 'podman', version: '5.8.6', rootless: false }, defaultRuntime: 'runc' },
    ],
  ])('reads what %s said', (recorded, name, expected) => {
    const all: readonly { engine: string; info: object }[] = JSON.parse(
      readFileSync(new URL('../recorded/engine-info.json', import.meta.url), 'utf8'),
    );
    const found = all.find((one) => one.engine === recorded);
    expect(parseEngineInfo(name, JSON.stringify(found?.info))).toMatchObject({
      ...expected,
      platform: 'linux/amd64',
      kernel: '6.18.44',
    });
  });

  it('reads rootless Docker with CDI devices', () => {
    const info = {
      ServerVersion: '29.1.0',
      OSType: 'linux',
      Architecture: 'aarch64',
      SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'],
      DiscoveredDevices: [
        { Source: 'cdi', ID: 'nvidia.com/gpu=0' },
        { Source: 'cdi', ID: 'nvidia.com/gpu=all' },
        { Source: 'other', ID: 'x' },
      ],
    };
    expect(parseEngineInfo('docker', JSON.stringify(info))).toEqual({
      engine: { name: 'docker', version: '29.1.0', rootless: true },
      platform: 'linux/arm64',
      cdiDevices: ['nvidia.com/gpu=0', 'nvidia.com/gpu=all'],
    });
  });

  it('reads Podman', () => {
    const info = {
      host: {
        arch: 'amd64',
        os: 'linux',
        distribution: { distribution: 'debian', version: '12' },
        ociRuntime: { name: 'crun' },
        security: { rootless: true },
      },
      store: { graphRoot: '/home/u/.local/share/containers/storage' },
      version: { Version: '4.3.1' },
    };
    expect(parseEngineInfo('docker', JSON.stringify(info)).engine.name).toBe('podman');
    expect(parseEngineInfo('podman', JSON.stringify(info))).toEqual({
      engine: { name: 'podman', version: '4.3.1', rootless: true },
      os: 'debian 12',
      platform: 'linux/amd64',
      defaultRuntime: 'crun',
      storage: '/home/u/.local/share/containers/storage',
    });
  });

  it.each([
    [
      'docker',
      {
        ServerVersion: '28.2.2',
        OperatingSystem: 'Ubuntu 22.04.5 LTS',
        KernelVersion: '5.15.167.4-microsoft-standard-WSL2',
      },
      'Ubuntu 22.04.5 LTS (WSL)',
    ],
    [
      'docker',
      { ServerVersion: '28.2.2', KernelVersion: '5.15.167.4-microsoft-standard-WSL2' },
      'Linux (WSL)',
    ],
    [
      'podman',
      {
        host: {
          distribution: { distribution: 'ubuntu', version: '22.04' },
          kernel: '5.15.167.4-microsoft-standard-WSL2',
        },
      },
      'ubuntu 22.04 (WSL)',
    ],
  ])('knows WSL by the kernel that %s runs on', (name, info, os) => {
    expect(parseEngineInfo(name, JSON.stringify(info))).toMatchObject({
      os,
      kernel: '5.15.167.4-microsoft-standard-WSL2',
    });
  });

  it.each(['', 'Cannot connect to the Docker daemon', 'null', '[]', '{"ServerVersion":""}'])(
    'knows the name alone from %j',
    (text) => {
      expect(parseEngineInfo('docker', text)).toEqual({ engine: { name: 'docker' } });
    },
  );
});

describe('the container toolkit', () => {
  it.each([
    ['NVIDIA Container Toolkit CLI version 1.17.8\ncommit: f202b80a9b9d', '1.17.8'],
    ['NVIDIA Container Runtime Hook version 1.13.5', '1.13.5'],
    ['cli-version: 1.18.0-rc.1\nlib-version: 1.18.0~rc.1\n', '1.18.0-rc.1'],
    ['command not found', undefined],
  ])('reads the version in %j', (text, version) => {
    expect(parseToolkitVersion(text)).toBe(version);
  });

  it('reads the mode of the runtime and of nothing else', () => {
    const config = `#mode = "no"
[nvidia-container-cli]
mode = "other"
[nvidia-container-runtime]
#debug = "/var/log/x"
mode = "cdi"
[nvidia-container-runtime.modes.csv]
mode = "csv"
`;
    expect(parseToolkitConfig(config)).toEqual({ mode: 'cdi' });
    expect(parseToolkitConfig('[nvidia-container-cli]\nmode = "x"')).toEqual({});
  });

  it('reads what the toolkit itself writes: nvidia-ctk 1.20 config default, and with both settings changed', () => {
    const written = (
      disable: string,
      mode: string,
    ) => `#accept-nvidia-visible-devices-as-volume-mounts = false
#accept-nvidia-visible-devices-envvar-when-unprivileged = true
disable-require = ${disable}
supported-driver-capabilities = "compat32,compute,display,graphics,ngx,utility,video"
#swarm-resource = "DOCKER_RESOURCE_GPU"

[nvidia-container-cli]
#debug = "/var/log/nvidia-container-toolkit.log"
environment = []
ldconfig = "@/sbin/ldconfig"
load-kmods = true

[nvidia-container-runtime]
log-level = "info"
mode = "${mode}"
runtimes = ["runc", "crun"]

[nvidia-container-runtime.modes]

[nvidia-container-runtime.modes.cdi]
annotation-prefixes = ["cdi.k8s.io/"]
`;
    expect(parseToolkitConfig(written('false', 'auto'))).toEqual({ mode: 'auto' });
    expect(parseToolkitConfig(written('true', 'legacy'))).toEqual({
      mode: 'legacy',
      disableRequire: true,
    });
    expect(parseToolkitConfig('#disable-require = true\n[x]\ndisable-require = true')).toEqual({});
  });

  const engine = (name: string, version?: string, more = {}) => ({
    engine: { name, ...(version === undefined ? {} : { version }) },
    ...more,
  });

  const byRuntime = (toolkitVersion: string) => ({
    engine: engine('docker', '28.0.0'),
    runtime: 'nvidia',
    toolkitVersion,
  });

  it.each<[InjectionFacts, string | undefined]>([
    [{ engine: engine('docker', '20.10.24') }, 'legacy'],
    [{ engine: engine('docker', '28.5.1', { cdiDevices: ['nvidia.com/gpu=all'] }) }, 'legacy'],
    [{ engine: engine('docker', '29.2.0') }, 'legacy'],
    [{ engine: engine('docker', '29.2.0', { cdiDevices: ['nvidia.com/gpu=all'] }) }, undefined],
    [{ engine: engine('docker') }, undefined],
    [{ engine: engine('docker', '28.5.2'), cdiNames: true }, 'cdi'],
    [{ engine: engine('docker', '29.2.0'), cdiNames: true }, 'cdi'],
    [{ engine: engine('docker'), cdiNames: true, runtime: 'nvidia' }, 'cdi'],
    [{ engine: engine('nerdctl', '2.0.0'), cdiNames: true }, 'cdi'],
    [{ engine: engine('podman', '4.3.1') }, 'cdi'],
    [{ engine: engine('nerdctl', '2.0.0') }, undefined],
    [byRuntime('1.17.8'), 'legacy'],
    [byRuntime('1.18.1'), 'jit-cdi'],
    [
      { engine: engine('docker', '28.0.0', { defaultRuntime: 'nvidia' }), toolkitMode: 'csv' },
      'csv',
    ],
    [{ engine: engine('docker', '28.0.0', { defaultRuntime: 'nvidia' }) }, undefined],
    [{ ...byRuntime('1.16.2'), tegra: true }, 'csv'],
    [{ ...byRuntime('1.18.0'), tegra: true, nvml: false }, 'csv'],
    [{ ...byRuntime('1.18.0'), tegra: true, nvml: true }, undefined],
    [{ ...byRuntime('1.18.0'), tegra: true, toolkitMode: 'legacy' }, 'legacy'],
    [{ ...byRuntime('1.17.8'), tegra: false, nvml: true }, 'legacy'],
  ])('derives from %j the mode %s', (facts, mode) => {
    expect(gpuMode(facts)).toBe(mode);
  });
});

describe('cdiDeviceNames', () => {
  it('reads names as text and as numbers', () => {
    const spec =
      '{"cdiVersion":"0.5.0","kind":"nvidia.com/gpu","devices":[{"name":"0"},{"name":1},{}]}';
    expect(cdiDeviceNames(spec, JSON.parse)).toEqual(['nvidia.com/gpu=0', 'nvidia.com/gpu=1']);
  });
  it('reads what nvidia-ctk wrote, as its own cdi list does', () => {
    const file = new URL('../recorded/cdi-nvidia-ctk.yaml', import.meta.url);
    const gpus = [0, 1].map((index) => `GPU-00000000-0000-0000-0000-00000000000${index}`);
    expect(cdiDeviceNames(readFileSync(file, 'utf8'), parseYaml)).toEqual(
      ['0', '1', ...gpus, 'all'].map((name) => `nvidia.com/gpu=${name}`),
    );
  });

  it.each(['', 'null', '{}', '[1]', '{"kind":"x"}'])('finds nothing in %j', (text) => {
    expect(cdiDeviceNames(text, JSON.parse)).toEqual([]);
  });
});

describe('gatherHost', () => {
  const smi = (args: readonly string[]) =>
    args[0] === '-q'
      ? {
          stdout:
            '<nvidia_smi_log><driver_version>570.124.06</driver_version><cuda_version>12.8</cuda_version><gpu><product_name>NVIDIA L4</product_name><uuid>GPU-1</uuid></gpu></nvidia_smi_log>',
        }
      : { stdout: '0, GPU-1, NVIDIA L4, 23034, N/A, 570.124.06, 8.9\n' };

  const gather = (programs: Parameters<typeof createFakeShell>[0], files = {}) => {
    const shell = createFakeShell({ docker: createFakeDocker({}).program, ...programs });
    return gatherHost({
      shell,
      files: createFakeFiles(files),
      engine: createCliEngine('docker', shell, createFakeClock()),
      signal: new AbortController().signal,
    });
  };

  it('joins all sources', async () => {
    const host = await gather(
      {
        'nvidia-smi': smi,
        'nvidia-ctk': () => ({ stdout: 'NVIDIA Container Toolkit CLI version 1.17.8\n' }),
      },
      {
        '/proc/driver/nvidia/version': OPEN,
        '/etc/cdi/nvidia.yaml':
          'cdiVersion: 0.5.0\nkind: nvidia.com/gpu\ndevices:\n- name: "0"\n- name: all\n',
        '/etc/cdi/readme.txt': 'no',
        '/etc/cdi/unread.yml': 'cdiVersion: 0.5.0\nkind: nvidia.com/gpu\ndevices:\n- name: "7"\n',
      },
    );
    expect(host).toEqual({
      facts: {
        platform: 'linux/amd64',
        os: 'Debian GNU/Linux 12 (bookworm)',
        driver: { version: '570.124.06', cuda: '12.8', kernelModule: 'open' },
        gpus: [
          {
            index: 0,
            name: 'NVIDIA L4',
            uuid: 'GPU-1',
            memoryMiB: 23034,
            computeCapability: '8.9',
          },
        ],
        engine: { name: 'docker', version: '20.10.24+dfsg1', rootless: false, gpuMode: 'legacy' },
        containerToolkit: { version: '1.17.8' },
        cdiDevices: ['nvidia.com/gpu=0', 'nvidia.com/gpu=all'],
      },
      storage: '/var/lib/docker',
    });
  });

  it('names the L4T release of a Jetson', async () => {
    const release = '# R36 (release), REVISION: 4.0, GCID: 37537400, BOARD: generic\n';
    const { facts } = await gather({}, { '/etc/nv_tegra_release': release });
    expect(facts.os).toBe('Debian GNU/Linux 12 (bookworm), L4T R36.4.0');
  });

  describe('with an engine that may run on another machine', () => {
    const KERNEL = '6.8.0-45-generic';
    const everything = (kernel: string | undefined, here: string | undefined) =>
      gather(
        {
          docker: () => ({
            stdout: JSON.stringify({ ...JSON.parse(DOCKER_INFO), KernelVersion: kernel }),
          }),
          'nvidia-smi': smi,
          'nvidia-ctk': () => ({ stdout: 'NVIDIA Container Toolkit CLI version 1.17.8\n' }),
        },
        {
          '/proc/driver/nvidia/version': OPEN,
          '/etc/cdi/nvidia.yaml': 'kind: nvidia.com/gpu\ndevices:\n- name: all\n',
          ...(here === undefined ? {} : { '/proc/sys/kernel/osrelease': `${here}\n` }),
        },
      );

    it('takes this machine’s driver, GPUs, toolkit and disk for its own on the same kernel', async () => {
      const { facts, storage } = await everything(KERNEL, KERNEL);
      expect(facts).toMatchObject({
        driver: { version: '570.124.06' },
        containerToolkit: { version: '1.17.8' },
        cdiDevices: ['nvidia.com/gpu=all'],
      });
      expect(facts.engine).not.toHaveProperty('remote');
      expect(storage).toBe('/var/lib/docker');
    });

    it('leaves them out on another kernel, and says so', async () => {
      expect(await everything('5.15.0-1071-aws', KERNEL)).toEqual({
        facts: {
          platform: 'linux/amd64',
          os: 'Debian GNU/Linux 12 (bookworm)',
          engine: {
            name: 'docker',
            version: '20.10.24+dfsg1',
            rootless: false,
            remote: true,
            gpuMode: 'legacy',
          },
        },
      });
    });

    it.each([
      [undefined, KERNEL],
      [KERNEL, undefined],
    ])('takes them where a kernel is unknown: %s, %s', async (kernel, here) => {
      expect((await everything(kernel, here)).facts.driver?.version).toBe('570.124.06');
    });
  });

  it('goes on where nvidia-smi fails: the kernel module still tells its version', async () => {
    const { facts } = await gather(
      {
        'nvidia-smi': () => ({
          code: 18,
          stdout: 'Failed to initialize NVML: Driver/library version mismatch\n',
        }),
      },
      { '/proc/driver/nvidia/version': PROPRIETARY },
    );
    expect(facts.driver).toEqual({ version: '535.104.05', kernelModule: 'proprietary' });
    expect(facts.gpus).toBeUndefined();
  });

  it('takes what nvidia-smi printed whole although it ended with a warning of its own', async () => {
    // Exit code 14: "infoROM is corrupted", https://docs.nvidia.com/deploy/nvidia-smi/index.html#return-value
    const warning = 'WARNING: infoROM is corrupted at gpu 0000:00:1E.0\n';
    const { facts } = await gather({
      'nvidia-smi': (args) => ({ code: 14, stdout: `${smi(args).stdout}\n${warning}` }),
    });
    expect(facts.driver).toEqual({ version: '570.124.06', cuda: '12.8' });
    expect(facts.gpus).toEqual([
      { index: 0, name: 'NVIDIA L4', uuid: 'GPU-1', memoryMiB: 23034, computeCapability: '8.9' },
    ]);
  });

  it('asks older drivers for fewer columns', async () => {
    const { facts } = await gather({
      'nvidia-smi': (args) =>
        args[0] === '-q' || args[0]?.includes('compute_cap')
          ? { code: 2, stdout: 'Field "compute_cap" is not a valid field to query.\n' }
          : { stdout: '0, GPU-1, Tesla K80, 11441, 450.80.02\n' },
    });
    expect(facts.driver).toEqual({ version: '450.80.02' });
    expect(facts.gpus).toEqual([{ index: 0, uuid: 'GPU-1', name: 'Tesla K80', memoryMiB: 11441 }]);
  });

  it('has the engine’s name alone on a bare machine without an answering engine', async () => {
    const { facts } = await gather({ docker: () => ({ code: 1, stderr: 'Cannot connect' }) });
    expect(facts).toEqual({ engine: { name: 'docker' } });
  });

  it('ends when a source hangs, at its limit', async () => {
    let asked = 0;
    const { facts } = await gather({
      'nvidia-smi': () => {
        asked += 1;
        return { hangs: true };
      },
    });
    expect(facts.driver).toBeUndefined();
    expect(asked).toBe(2);
  });
});
