import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeSmi, parseSmiCsv, parseSmiXml } from '../../src/host/nvidia-smi.js';
import { SMI_COLUMNS, SMI_COLUMNS_OLD } from '../../src/host/smi-columns.js';

/** Shape and order of driver 535's `nvidia-smi -q -x`, cut to the parts that are read and some that must not be. */
const gpu = (index: number, name: string, mig = 'Disabled') => `
	<gpu id="00000000:0${index}:00.0">
		<product_name>${name}</product_name>
		<product_brand>NVIDIA</product_brand>
		<persistence_mode>Enabled</persistence_mode>
		<mig_mode>
			<current_mig>${mig}</current_mig>
			<pending_mig>${mig}</pending_mig>
		</mig_mode>
		<uuid>GPU-${index}f3c0000-0000-0000-0000-000000000000</uuid>
		<minor_number>${index}</minor_number>
		<fb_memory_usage>
			<total>81920 MiB</total>
			<used>0 MiB</used>
		</fb_memory_usage>
		<bar1_memory_usage>
			<total>131072 MiB</total>
		</bar1_memory_usage>
		<compute_mode>Default</compute_mode>
	</gpu>`;

const xml = (...gpus: string[]) => `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<timestamp>Mon Nov 23 14:00:00 2026</timestamp>
	<driver_version>535.104.05</driver_version>
	<cuda_version>12.2</cuda_version>
	<attached_gpus>${gpus.length}</attached_gpus>${gpus.join('')}
</nvidia_smi_log>
`;

it('skips lines around the rows of a table, and an error alone is no table', () => {
  const row = '0, GPU-1, Tesla T4, 15360, N/A, 535.104.05, 7.5';
  const warning = 'WARNING: infoROM is corrupted at gpu 0000:00:1E.0';
  expect(parseSmiCsv(`${row}\n${warning}\n`, SMI_COLUMNS).gpus).toHaveLength(1);
  expect(parseSmiCsv(`${warning}\n${row}\n`, SMI_COLUMNS).driver).toEqual({
    version: '535.104.05',
  });
  expect(parseSmiCsv(`${warning}\n`, SMI_COLUMNS)).toEqual({});
});

describe('parseSmiXml', () => {
  it('reads one GPU, which XML cannot tell from a list', () => {
    expect(parseSmiXml(xml(gpu(0, 'NVIDIA A100-SXM4-80GB')))).toEqual({
      driver: { version: '535.104.05', cuda: '12.2' },
      gpus: [
        {
          index: 0,
          name: 'NVIDIA A100-SXM4-80GB',
          uuid: 'GPU-0f3c0000-0000-0000-0000-000000000000',
          memoryMiB: 81920,
          mig: false,
        },
      ],
    });
  });

  it('reads several in order, MIG on and not there', () => {
    const { gpus } = parseSmiXml(xml(gpu(0, 'A'), gpu(1, 'B', 'Enabled'), gpu(2, 'C', 'N/A')));
    expect(gpus?.map(({ index, name, mig }) => [index, name, mig])).toEqual([
      [0, 'A', false],
      [1, 'B', true],
      [2, 'C', undefined],
    ]);
  });

  it('keeps versions as text: no trailing zero is lost', () => {
    const text = xml().replace('535.104.05', '550.10').replace('12.2', '12.10');
    expect(parseSmiXml(text).driver).toEqual({ version: '550.10', cuda: '12.10' });
  });

  it('leaves out what nvidia-smi does not know', () => {
    const text = xml(gpu(0, 'A')).replace('12.2', 'N/A').replace('81920 MiB', '[N/A]');
    expect(parseSmiXml(text).driver).toEqual({ version: '535.104.05' });
    expect(parseSmiXml(text).gpus?.[0]).not.toHaveProperty('memoryMiB');
  });

  it.each([
    '',
    'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
    'Failed to initialize NVML: Driver/library version mismatch',
    '<nvidia_smi_log><driver_version>5',
    '<nvidia_smi_log',
  ])('has no facts from %j', (text) => {
    expect(parseSmiXml(text).gpus).toBeUndefined();
  });

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseSmiXml(`<nvidia_smi_log>${text}`);
        parseSmiXml(xml(text));
      }),
    );
  });
});

describe('parseSmiCsv', () => {
  const line = '0, GPU-0f3c, NVIDIA H100 80GB HBM3, 81559, Disabled, 550.54.15, 9.0\n';

  it('reads the columns that it asked for', () => {
    expect(parseSmiCsv(line, SMI_COLUMNS)).toEqual({
      driver: { version: '550.54.15' },
      gpus: [
        {
          index: 0,
          uuid: 'GPU-0f3c',
          name: 'NVIDIA H100 80GB HBM3',
          memoryMiB: 81559,
          mig: false,
          computeCapability: '9.0',
        },
      ],
    });
  });

  it('reads the shorter list of older drivers', () => {
    expect(parseSmiCsv('0, GPU-1, Tesla T4, 15360, 470.82.01', SMI_COLUMNS_OLD)).toEqual({
      driver: { version: '470.82.01' },
      gpus: [{ index: 0, uuid: 'GPU-1', name: 'Tesla T4', memoryMiB: 15360 }],
    });
  });

  it.each([
    '',
    '\n',
    'Field "compute_cap" is not a valid field to query.',
    'No devices were found',
  ])('has no facts from %j', (text) => {
    expect(parseSmiCsv(text, SMI_COLUMNS)).toEqual({});
  });
});

describe('mergeSmi', () => {
  it('adds the compute capability by UUID, not by place', () => {
    const merged = mergeSmi(
      parseSmiXml(xml(gpu(0, 'A'), gpu(1, 'B'))),
      parseSmiCsv(
        '0, GPU-1f3c0000-0000-0000-0000-000000000000, B, 1, N/A, 535.104.05, 8.6\n1, GPU-0f3c0000-0000-0000-0000-000000000000, A, 1, N/A, 535.104.05, 8.0\n',
        SMI_COLUMNS,
      ),
    );
    expect(merged.gpus?.map(({ name, computeCapability }) => [name, computeCapability])).toEqual([
      ['A', '8.0'],
      ['B', '8.6'],
    ]);
    expect(merged.driver).toEqual({ version: '535.104.05', cuda: '12.2' });
  });

  it('takes either alone', () => {
    const csv = parseSmiCsv('0, GPU-1, T4, 15360, 470.82.01', SMI_COLUMNS_OLD);
    expect(mergeSmi({}, csv)).toEqual(csv);
    expect(mergeSmi(csv, {})).toEqual(csv);
    expect(mergeSmi({}, {})).toEqual({});
  });
});
