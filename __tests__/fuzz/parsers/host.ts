import { normalPlatform } from '../../../src/core/host-view.js';
import { createCliEngine } from '../../../src/engine/cli.js';
import { cdiDeviceNames } from '../../../src/host/cdi.js';
import {
  gpuMode,
  parseToolkitConfig,
  parseToolkitVersion,
  TOOLKIT_CONFIG,
} from '../../../src/host/container-toolkit.js';
import { parseEngineInfo } from '../../../src/host/engine-info.js';
import { gatherHost } from '../../../src/host/gather.js';
import { mergeSmi, parseSmiCsv, parseSmiXml } from '../../../src/host/nvidia-smi.js';
import { PROC_DRIVER, parseProcDriver } from '../../../src/host/proc-driver.js';
import { SMI_COLUMNS, SMI_COLUMNS_OLD } from '../../../src/host/smi-columns.js';
import { parseTegraRelease } from '../../../src/host/tegra.js';
import { yamlValue } from '../../../src/syntax/yaml.js';
import { createFakeClock } from '../../fakes/clock.js';
import { DOCKER_INFO } from '../../fakes/docker.js';
import { createFakeFiles } from '../../fakes/files.js';
import { createFakeShell } from '../../fakes/shell.js';
import { holds, type Parser, same } from '../parser.js';

const SMI_XML = `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<timestamp>Mon Nov 23 14:00:00 2026</timestamp>
	<driver_version>535.104.05</driver_version>
	<cuda_version>12.2</cuda_version>
	<attached_gpus>2</attached_gpus>
	<gpu id="00000000:01:00.0">
		<product_name>NVIDIA A100-SXM4-80GB</product_name>
		<mig_mode>
			<current_mig>Enabled</current_mig>
			<pending_mig>Enabled</pending_mig>
		</mig_mode>
		<mig_devices>
			<mig_device>
				<index>0</index>
				<gpu_instance_id>1</gpu_instance_id>
			</mig_device>
		</mig_devices>
		<uuid>GPU-0f3c0000-0000-0000-0000-000000000000</uuid>
		<fb_memory_usage>
			<total>81920 MiB</total>
			<used>0 MiB</used>
		</fb_memory_usage>
	</gpu>
	<gpu id="00000000:02:00.0">
		<product_name>Tesla T4</product_name>
		<mig_mode><current_mig>N/A</current_mig></mig_mode>
		<uuid>GPU-1f3c0000-0000-0000-0000-000000000000</uuid>
		<fb_memory_usage><total>[N/A]</total></fb_memory_usage>
		<processes>
			<process_info>
				<pid>1</pid>
				<process_name>python &amp; co</process_name>
			</process_info>
		</processes>
	</gpu>
</nvidia_smi_log>
`;

const smiXml: Parser = {
  name: 'nvidia-smi -q -x',
  files: ['src/host/nvidia-smi.ts'],
  samples: [
    SMI_XML,
    '<nvidia_smi_log><driver_version>470.82.01</driver_version></nvidia_smi_log>\nWARNING: infoROM is corrupted at gpu 0000:00:1E.0\n',
  ],
  pieces: [
    ...['<nvidia_smi_log>', '</nvidia_smi_log>', '<gpu>', '</gpu>', '<gpu', ' id="0"', '/>'],
    ...[
      '<driver_version>',
      '</driver_version>',
      '<uuid>',
      '</uuid>',
      '<mig_mode>',
      '<current_mig>',
    ],
    ...[
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<!DOCTYPE x [',
      '<!ENTITY a "b">',
      '&a;',
      '&#0;',
      '<?x',
      '?>',
    ],
    ...['<__proto__>', '</__proto__>', '<constructor>', '<a b=c>', '<a:b>', '535.104.05', 'N/A'],
  ],
  read: (text) => {
    const facts = parseSmiXml(text);
    holds(same(mergeSmi(facts, {}), facts), 'merged with nothing it is what it was');
    return facts;
  },
  growth: { factor: 8, beside: 200 },
};

const smiCsv: Parser = {
  name: 'nvidia-smi --query-gpu',
  files: ['src/host/nvidia-smi.ts'],
  samples: [
    '0, GPU-0f3c, NVIDIA H100 80GB HBM3, 81559, Disabled, 550.54.15, 9.0\n1, GPU-1f3c, NVIDIA H100 80GB HBM3, 81559, [N/A], 550.54.15, 9.0\n',
    '0, GPU-1, Tesla T4, 15360, 470.82.01\nWARNING: infoROM is corrupted at gpu 0000:00:1E.0\n',
    'Field "compute_cap" is not a valid field to query.\n',
  ],
  pieces: ['0', ', ', ',', '\n', '\r\n', 'GPU-1', 'Tesla T4', '15360', 'N/A', '[N/A]', '9.0', '"'],
  read: (text) => {
    const [facts, old] = [parseSmiCsv(text, SMI_COLUMNS), parseSmiCsv(text, SMI_COLUMNS_OLD)];
    holds(same(mergeSmi({}, facts), facts), 'merged with nothing it is what it was');
    for (const { index } of [...(facts.gpus ?? []), ...(old.gpus ?? [])]) {
      holds(index === undefined || index >= 0, 'an index is a number from 0');
    }
    return [facts, old, mergeSmi(facts, old)];
  },
  growth: { factor: 60, beside: 200 },
};

const procDriver: Parser = {
  name: '/proc/driver/nvidia/version',
  files: ['src/host/proc-driver.ts'],
  samples: [
    'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\nGCC version:  gcc version 11.4.0 (Ubuntu 11.4.0-1ubuntu1~22.04)\n',
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build  (dvs-builder@U22)  Wed Feb 26 01:58:53 UTC 2025\n',
  ],
  pieces: [
    'NVRM version:',
    ' Kernel Module ',
    ' Open Kernel Module ',
    '  535.104.05  ',
    '.1',
    ' 5',
    '\n',
  ],
  read: parseProcDriver,
  growth: { factor: 2, beside: 50 },
};

const tegra: Parser = {
  name: '/etc/nv_tegra_release',
  files: ['src/host/tegra.ts'],
  samples: [
    '# R36 (release), REVISION: 4.0, GCID: 37537400, BOARD: generic, EABI: aarch64, DATE: Fri Sep 13 04:36:44 UTC 2024\n',
    '# R32 (release), REVISION: 7.1, GCID: 29818004, BOARD: t210ref, EABI: aarch64, DATE: Sat Feb 19 17:05:08 UTC 2022\n',
  ],
  pieces: ['# R', '36', ' (release)', ', REVISION: ', '4.0', '.1', ' ', '\n'],
  read: parseTegraRelease,
  growth: { factor: 2, beside: 50 },
};

const toolkit: Parser = {
  name: 'version and settings of the NVIDIA Container Toolkit',
  files: ['src/host/container-toolkit.ts'],
  samples: [
    'NVIDIA Container Toolkit CLI version 1.17.8\ncommit: f202b80a9b9d0db00d9b1d73c0128c8962c55f4d\n',
    'cli-version: 1.17.8\nlib-version: 1.17.8\nbuild date: 2025-05-30T13:47+00:00\n',
    'disable-require = false\n\n[nvidia-container-cli]\nenvironment = []\n\n[nvidia-container-runtime]\nmode = "cdi"\nruntimes = ["runc", "crun"]\n\n[nvidia-container-runtime.modes.cdi]\nmode = "x"\n',
  ],
  pieces: [
    'version',
    ':',
    ' v1.',
    '17',
    '.8',
    '+x',
    '[nvidia-container-runtime]',
    'mode',
    ' = ',
    '"cdi"',
    "'auto'",
    '[',
  ],
  read: (text) => {
    const [toolkitVersion, toolkitMode] = [
      parseToolkitVersion(text),
      parseToolkitConfig(text).mode,
    ];
    const engine = { engine: { name: 'docker', version: '28.2.2' }, defaultRuntime: 'nvidia' };
    return [toolkitVersion, toolkitMode, gpuMode({ engine, toolkitVersion, toolkitMode })];
  },
  growth: { factor: 3, beside: 50 },
};

const engineInfo: Parser = {
  name: 'info of a container engine',
  files: ['src/host/engine-info.ts'],
  json: true,
  samples: [
    DOCKER_INFO,
    JSON.stringify({
      ServerVersion: '29.1.0',
      OSType: 'linux',
      OperatingSystem: 'Ubuntu 24.04',
      KernelVersion: '6.8.0-45-generic',
      Architecture: 'aarch64',
      Runtimes: { runc: {}, nvidia: { path: 'nvidia-container-runtime' } },
      SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
      DiscoveredDevices: [{ Source: 'cdi', ID: 'nvidia.com/gpu=all' }],
    }),
    JSON.stringify({
      host: {
        arch: 'amd64',
        os: 'linux',
        kernel: '6.1.0',
        distribution: { distribution: 'debian', version: '12' },
        ociRuntime: { name: 'crun' },
        security: { rootless: true },
      },
      store: { graphRoot: '/var/lib/containers/storage' },
      version: { Version: '4.3.1' },
    }),
  ],
  pieces: [
    '{',
    '}',
    '"host":',
    '"ServerVersion":',
    '"Architecture":',
    '"x86_64"',
    '[',
    ']',
    ',',
    'null',
  ],
  read: (text) => {
    const facts = ['docker', 'podman', 'nerdctl'].map((name) => parseEngineInfo(name, text));
    return [
      facts,
      facts.map((engine) => gpuMode({ engine, toolkitVersion: '1.17.8' }) ?? null),
      normalPlatform(text),
    ];
  },
  growth: { factor: 8, beside: 500 },
};

const CDI = {
  cdiVersion: '0.5.0',
  kind: 'nvidia.com/gpu',
  devices: [
    { name: '0', containerEdits: { deviceNodes: [{ path: '/dev/nvidia0' }] } },
    { name: 'all', containerEdits: { deviceNodes: [{ path: '/dev/nvidia0' }] } },
  ],
  containerEdits: { env: ['NVIDIA_VISIBLE_DEVICES=void'], mounts: [] },
};

const cdiJson: Parser = {
  name: 'CDI specification in JSON',
  files: ['src/host/cdi.ts'],
  json: true,
  samples: [JSON.stringify(CDI)],
  pieces: ['{', '}', '"kind":', '"devices":', '"name":', '"nvidia.com/gpu"', '[', ']', ',', '0'],
  read: (text) => cdiDeviceNames(text, JSON.parse),
  growth: { factor: 20, beside: 200 },
};

const cdiYaml: Parser = {
  name: 'CDI specification in YAML',
  files: ['src/host/cdi.ts', 'src/host/parsers.ts', 'src/syntax/yaml.ts'],
  samples: [
    'cdiVersion: 0.5.0\nkind: nvidia.com/gpu\ndevices:\n- name: "0"\n  containerEdits:\n    deviceNodes:\n    - path: /dev/nvidia0\n- name: all\ncontainerEdits:\n  env:\n  - NVIDIA_VISIBLE_DEVICES=void\n',
  ],
  pieces: [
    'kind:',
    ' nvidia.com/gpu',
    'devices:',
    '\n- ',
    'name:',
    ' all',
    '&a ',
    '*a',
    '<<:',
    '[',
    '{',
    '|',
    '>',
    '? ',
    '!!x ',
  ],
  read: (text) => cdiDeviceNames(text, yamlValue),
  growth: { factor: 20, beside: 200 },
  microseconds: 200,
};

const machine: Parser = {
  name: 'a machine whose every program and file says the same',
  files: ['src/host/gather.ts'],
  samples: [SMI_XML, procDriver.samples[0] ?? '', toolkit.samples[0] ?? '', DOCKER_INFO],
  pieces: [...smiXml.pieces, ...procDriver.pieces, ...engineInfo.pieces, ...cdiYaml.pieces],
  read: async (text) => {
    const said = () => ({ stdout: text });
    const shell = createFakeShell({
      'nvidia-smi': said,
      'nvidia-ctk': said,
      docker: said,
    });
    const files = createFakeFiles(
      Object.fromEntries(
        [PROC_DRIVER, TOOLKIT_CONFIG, '/etc/cdi/a.yaml', '/var/run/cdi/b.json'].map((path) => [
          path,
          text,
        ]),
      ),
    );
    const host = await gatherHost({
      shell,
      files,
      engine: createCliEngine('docker', shell, createFakeClock()),
      signal: new AbortController().signal,
    });
    holds(shell.calls.length <= 6, 'few programs are asked');
    return host;
  },
  growth: { factor: 100, beside: 2_000 },
  microseconds: 250,
};

export const HOST: readonly Parser[] = [
  smiXml,
  smiCsv,
  procDriver,
  tegra,
  toolkit,
  engineInfo,
  cdiJson,
  cdiYaml,
  machine,
];
