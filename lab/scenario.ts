import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';

/** One simulated host, one or several images, one run of the action, and what must come out. `scenario.schema.json` describes it. */
export interface Scenario {
  name: string;
  description: string;
  host: Host;
  images: Image[];
  action?: ActionRun;
  expect: Expectation;
}

export interface Host {
  driver: Driver | null;
  gpus: Gpu[];
  faults?: Fault[];
  nvidiaSmi?: boolean;
  toolkit?: boolean;
  missingDevices?: string[];
  hook?: { fails: string; exitCode?: number };
}

export interface Driver {
  version: string;
  cuda: string;
  kernelModule?: string;
  loaded?: boolean;
  compatCuda?: string;
}

export interface Gpu {
  name: string;
  computeCapability: string;
  memoryMiB?: number;
  uuid?: string;
  brand?: string;
  mig?: boolean;
}

export interface Fault {
  call: string;
  where?: 'host' | 'container';
  gpu?: number;
  from?: string;
  code?: number;
  hang?: boolean;
  crash?: boolean;
  delayMs?: number;
  wrongElements?: number;
}

export type Base = 'bullseye' | 'bookworm' | 'trixie' | 'busybox' | 'distroless' | 'empty';

export interface Image {
  base: Base;
  packages?: string[];
  env?: Record<string, string>;
  labels?: Record<string, string>;
  user?: string;
  entrypoint?: string[];
  platform?: string;
  index?: boolean;
  cudart?: string;
  compatDriver?: string;
  frameworks?: Framework[];
  files?: ImageFile[];
  published?: boolean;
  registry?: 'open' | 'login';
}

/** A stand-in for a framework: lab/frameworks/README.md. */
export interface Framework {
  name: 'torch' | 'tensorflow';
  version: string;
  /** null is a CPU build. */
  cuda: string | null;
  cudnn?: string;
  targets?: string[];
  /** The virtual environment that it is installed in, `/opt/venv`; absent: it is the system's Python's. */
  venv?: string;
  /** CUDA libraries that its wheels would bring and the image lacks. */
  without?: ('cudart' | 'cudnn')[];
  fault?: {
    hang?: 'import' | 'compute' | 'nccl';
    crash?: 'import' | 'compute' | 'nccl';
    wrongGpu?: number;
  };
}

export interface ImageFile {
  path: string;
  text?: string;
  link?: string;
  library?: string;
  /** Name of a file with device code in probe/fuzz/corpus. */
  deviceCode?: string;
  mode?: string;
}

interface ActionRun {
  inputs?: Record<string, string>;
  login?: boolean;
  cancel?: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  limitSeconds?: number;
}

export interface Expectation {
  exitCode: number;
  passed?: boolean;
  images?: ExpectedImage[];
}

export interface ExpectedImage {
  verdict: string;
  primary?: string | null;
  findings?: string[];
  stage?: string;
  facts?: Record<string, unknown>;
}

/** A scenario file that cannot be used; the message names the file and every mistake in it. */
export class ScenarioError extends Error {}

/** The one place where the schema offers a choice: what a file of an image consists of. */
const FILE_CHOICE = 'must have exactly one of text, link, library and deviceCode';

const describe = (error: ErrorObject): string => {
  const place = error.instancePath === '' ? '/' : error.instancePath;
  switch (error.keyword) {
    case 'additionalProperties':
      return `${place} has the unknown field "${String(error.params['additionalProperty'])}"`;
    case 'enum':
      return `${place} must be one of ${JSON.stringify(error.params['allowedValues'])}`;
    case 'const':
      return `${place} must be ${JSON.stringify(error.params['allowedValue'])}`;
    case 'oneOf':
      return `${place} ${FILE_CHOICE}`;
    default:
      return `${place} ${error.message ?? error.keyword}`;
  }
};

/** What the schema cannot say: a fault of a GPU that the host does not have. */
const inconsistencies = (scenario: Scenario): string[] =>
  (scenario.host.faults ?? []).flatMap((fault, index) =>
    fault.gpu !== undefined && fault.gpu >= scenario.host.gpus.length
      ? [
          `/host/faults/${index}/gpu is ${fault.gpu}, but the host has ${scenario.host.gpus.length} GPUs`,
        ]
      : [],
  );

/**
 * Reads the text of a scenario file.
 * @throws ScenarioError that names the file and lists every mistake with its place.
 */
export const parseScenario = (text: string, file: string, schema: object): Scenario => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
  if (!validate(document)) {
    // What each branch of a choice lacks says less than the choice itself.
    const problems = (validate.errors ?? []).filter(
      (error) => !error.schemaPath.includes('/oneOf/'),
    );
    throw new ScenarioError(
      [
        `${file} is not a scenario:`,
        ...new Set(problems.map((error) => `  ${describe(error)}`)),
        'What is allowed: lab/scenario.schema.json',
      ].join('\n'),
    );
  }
  const scenario: Scenario = { ...(document as Scenario), name: basename(file, extname(file)) };
  const problems = inconsistencies(scenario);
  if (problems.length > 0) {
    throw new ScenarioError([`${file}:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
  return scenario;
};

/** The names of the scenarios that come with the lab, sorted. */
export const scenarioNames = async (folder: string): Promise<string[]> =>
  (await readdir(folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();

/**
 * Loads a scenario by its name in `lab/scenarios` or by the path of its file.
 * @throws ScenarioError when there is no such file or it is no scenario.
 */
export const loadScenario = async (nameOrFile: string, labFolder: string): Promise<Scenario> => {
  const folder = join(labFolder, 'scenarios');
  const isName = /^[\w.-]+$/.test(nameOrFile) && !nameOrFile.endsWith('.json');
  const file = isName ? join(folder, `${nameOrFile}.json`) : nameOrFile;
  const schema = JSON.parse(
    await readFile(join(labFolder, 'scenario.schema.json'), 'utf8'),
  ) as object;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    const known = isName ? ` Known: ${(await scenarioNames(folder)).join(', ')}` : '';
    throw new ScenarioError(`There is no scenario ${nameOrFile}.${known}`);
  }
  return parseScenario(text, file, schema);
};
