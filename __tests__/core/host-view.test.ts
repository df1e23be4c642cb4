import { describe, expect, it } from '@jest/globals';
import type { HostFacts } from '../../src/core/facts.js';
import { answered, normalPlatform, viewHost } from '../../src/core/host-view.js';
import { createTables } from '../../src/core/tables.js';
import { createKnowledge } from '../../src/knowledge/index.js';

const tables = createTables(createKnowledge());
const view = (facts: HostFacts | undefined) => viewHost(facts, tables);
const gpuOf = (name: string | undefined, driver = '550.54.15') => {
  const { gpus } = view({
    driver: { version: driver },
    gpus: [name === undefined ? {} : { name }],
  });
  const [first] = gpus.known ? gpus.value : [];
  if (first === undefined) throw new Error('no GPU');
  return first;
};

describe('the platform', () => {
  it.each([
    ['x86-64', 'linux/amd64'],
    ['linux/x86-64', 'linux/amd64'],
    ['sbsa', 'linux/arm64'],
    ['linux/sbsa', 'linux/arm64'],
    [' Linux/AMD64\n', 'linux/amd64'],
    ['windows/x86_64', 'windows/amd64'],
    ['linux/ppc64le', 'linux/ppc64le'],
  ])('%j is %s', (text, expected) => {
    expect(normalPlatform(text)).toBe(expected);
  });
});

describe('how GPUs come into the container', () => {
  it.each<[HostFacts['engine'], string, string]>([
    [{ gpuMode: 'legacy' }, 'legacy', 'engine'],
    [{ gpuMode: 'Hook' }, 'legacy', 'engine'],
    [{ gpuMode: 'cdi' }, 'cdi', 'engine'],
    [{ gpuMode: 'JIT-CDI' }, 'cdi', 'engine'],
    [{ gpuMode: 'csv' }, 'csv', 'engine'],
    [{ name: 'docker', version: '28.2.2' }, 'legacy', 'engine docker 28.2.2'],
    [{ name: 'Docker', version: '20.10' }, 'legacy', 'engine docker 20.10'],
    [{ name: 'podman' }, 'cdi', 'engine podman'],
    [{ name: 'Podman', version: '4.9.3' }, 'cdi', 'engine podman'],
    // what the engine was seen to do goes before its name
    [{ name: 'podman', gpuMode: 'legacy' }, 'legacy', 'engine'],
  ])('%j: %s', (engine, value, from) => {
    expect(view(engine === undefined ? {} : { engine }).mode).toEqual({ known: true, value, from });
  });

  it.each<[HostFacts]>([
    [{}],
    [{ engine: {} }],
    [{ engine: { name: 'docker' } }],
    [{ engine: { name: 'docker', version: 'dev' } }],
    // from 29 on Docker takes CDI where it can, which its version does not tell
    [{ engine: { name: 'docker', version: '29.0.0' } }],
    [{ engine: { name: 'nerdctl', version: '1.7.0' } }],
    [{ engine: { name: 'docker', version: '28.2.2', gpuMode: 'auto' } }],
    [{ engine: { name: 'podman', gpuMode: 'auto' } }],
  ])('%j: not known', (facts) => {
    expect(view(facts).mode).toEqual({
      known: false,
      why: 'how the engine brings GPUs into a container is not known',
    });
  });
});

describe('of whom the driver is', () => {
  it.each<[HostFacts | undefined, string, boolean]>([
    [undefined, 'linux', false],
    [{ os: 'Ubuntu 22.04' }, 'linux', false],
    [{ os: 'Windows 11' }, 'windows', true],
    [{ os: 'Windows 11', driver: {} }, 'windows', true],
    [{ os: 'Ubuntu on WSL2', driver: { version: '551.78' } }, 'windows', true],
    [{ os: 'Linux 5.15.0-microsoft-standard' }, 'windows', true],
    [{ platform: 'Windows/amd64' }, 'windows', true],
    // nvidia-smi inside WSL prints the number of the Linux part
    [{ os: 'WSL2', driver: { version: '550.54.15' } }, 'linux', true],
    [{ os: 'NVIDIA Jetson' }, 'jetson', false],
    [{ os: 'JetPack 6.1' }, 'jetson', false],
    [{ os: 'L4T 36.4' }, 'jetson', false],
    [{ os: 'Linux tegra' }, 'jetson', false],
    [{ gpus: [{ name: 'Jetson AGX Orin' }] }, 'jetson', false],
    [{ gpus: [{ computeCapability: '8.7' }] }, 'jetson', false],
    [{ gpus: [{ name: 'Odd', computeCapability: '8.7' }] }, 'jetson', false],
    [{ gpus: [{ computeCapability: '8.0' }] }, 'linux', false],
    [{ gpus: [{ name: 'Odd' }] }, 'linux', false],
  ])('%j: %s', (facts, family, windows) => {
    expect(view(facts)).toMatchObject({ family, windows });
  });
});

describe('what findings show of a host', () => {
  it('is the driver and the CUDA version that it reports, or that a table gives', () => {
    expect(view({ driver: { version: '535.104.05', cuda: '12.2' } }).evidence).toEqual([
      { what: 'host driver', value: '535.104.05', from: 'host driver' },
      { what: 'CUDA version of the host driver', value: '12.2', from: 'the driver' },
    ]);
    expect(view({ driver: { version: '535.104.05' } }).evidence[1]).toEqual({
      what: 'CUDA version of the host driver',
      value: '12.2',
      from: 'table of driver branches',
    });
  });
  it('is at least what the newest branch that is known reports', () => {
    expect(view({ driver: { version: '999.10.01' } }).evidence[1]?.value).toMatch(
      /^\d+\.\d+ or newer$/,
    );
  });
  it('is nothing of which nothing is known', () => {
    expect(view(undefined).evidence).toEqual([]);
  });
});

describe('what requirements are measured against', () => {
  const driver = { version: '535.104.05', cuda: '12.2' };
  const common = { cuda: [12, 2], driver: [535, 104, 5] };
  it('is each GPU', () => {
    const { measures } = view({ driver, gpus: [{ name: 'NVIDIA L4' }, { name: 'Odd' }] });
    expect(measures.map(({ values }) => values)).toEqual([
      { ...common, arch: [8, 9], brands: ['unknown', 'nvidia'] },
      common,
    ]);
  });
  it('is the host once where its GPUs are not known', () => {
    expect(view({ driver }).measures).toEqual([{ gpu: undefined, values: common }]);
  });
  it('meets any architecture and brand where there is no GPU to measure', () => {
    expect(view({ driver, gpus: [] }).measures).toEqual([
      { gpu: undefined, values: { ...common, arch: 'any', brands: 'any' } },
    ]);
  });
  it('has no driver number where only the branch is known', () => {
    expect(view({ driver: { version: '535' } }).measures[0]?.values).toEqual({ cuda: [12, 2] });
  });
});

describe('what is not known of a host', () => {
  const why = (known: { known: boolean; why?: string }) => known.why ?? 'known';
  it('is said for each fact', () => {
    const host = view({});
    expect(why(host.driver)).toBe('the driver version is not known');
    expect(why(host.cuda)).toBe('neither the driver nor its CUDA version is known');
    expect(why(host.platform)).toBe('the host platform was not given');
    expect(why(host.gpus)).toBe("the host's GPUs were not given");
    expect(why(host.capableGpus)).toBe("the host's GPUs were not given");
    expect(why(host.kernelModule)).toBe('the flavour of the kernel module is not known');
    expect(why(view({ driver: { kernelModule: '' } }).kernelModule)).toBe(
      'the flavour of the kernel module is not known',
    );
    expect(why(view({ gpus: [] }).capableGpus)).toBe('the host has no GPU');
    expect(why(view({ gpus: [{}] }).capableGpus)).toBe(
      'the compute capability of a GPU is not known',
    );
    expect(why(view({ driver: { version: '300.10' } }).cuda)).toBe(
      'no table says which CUDA version driver 300.10 reports',
    );
  });

  it('names the GPU whose market segment or brand no table has', () => {
    expect(gpuOf('Odd').entitled).toMatchObject({ why: 'the market segment of Odd is not known' });
    expect(gpuOf('Odd').brands).toMatchObject({ why: 'the brand of Odd is not known' });
    expect(gpuOf(undefined).entitled).toMatchObject({
      why: 'the market segment of a GPU without a name is not known',
    });
    expect(gpuOf(undefined).brands).toMatchObject({
      why: 'the brand of a GPU without a name is not known',
    });
  });

  it('is no version of the toolkit, unless one can be read', () => {
    expect(view({}).toolkit).toBeUndefined();
    expect(view({ containerToolkit: {} }).toolkit).toBeUndefined();
    expect(view({ containerToolkit: { version: 'dev' } }).toolkit).toBeUndefined();
    expect(view({ containerToolkit: { version: '1.17.8-1' } }).toolkit?.version).toBe('1.17.8');
  });
});

describe('the name of a board', () => {
  const brands = (name: string) => {
    const found = gpuOf(name).brands;
    return found.known ? found.value : null;
  };
  it('is read with any spaces around and between its words', () => {
    for (const name of ['  Tesla T4', 'NVIDIA  Tesla T4', ' T4', 'NVIDIA   V100'])
      expect(brands(name)).toEqual(['tesla']);
  });
  it('is one of NVIDIA’s only from its first word on', () => {
    for (const name of ['My Tesla', 'Other T4', 'XT4', 'x-tesla'])
      expect(brands(name)).not.toEqual(['tesla']);
  });
  it('tells whether its driver must be the open kernel modules', () => {
    const open = (name: string) => gpuOf(name).needsOpenModule;
    expect(['NVIDIA GH200 480GB', 'GH100', 'Grace Hopper', 'NVIDIA B200'].map(open)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['NVIDIA H100 80GB HBM3', 'GH2000', 'Odd'].map(open)).toEqual([false, false, false]);
  });
  it('tells the newest toolkit that makes code for it, while there is one', () => {
    expect(gpuOf('Tesla V100-SXM2-16GB').lastToolkit).toMatchObject({ major: 12 });
    expect(gpuOf('NVIDIA H100 80GB HBM3').lastToolkit).toBeUndefined();
    expect(gpuOf('Odd').lastToolkit).toBeUndefined();
  });
});

describe('an answer about a host', () => {
  it('is worked out once for each key', () => {
    const answers = new Map<string, number>();
    let asked = 0;
    const ask = (key: string) =>
      answered(answers, key, (one) => {
        asked += 1;
        return one.length;
      });
    expect([ask('a'), ask('bb'), ask('a')]).toEqual([1, 2, 1]);
    expect(asked).toBe(2);
  });
});
