import { parseContainerOptions } from './container-options.js';
import type { Verdict } from './core/catalogue.js';
import { ENGINE_NAMES, type EngineName, type GpuRequest } from './engine/engine.js';
import type { CommentMode } from './github/comment-plan.js';
import { PULL_POLICIES, type PullPolicy } from './image/gather.js';
import { type ImageReference, parseReference } from './image/reference.js';
import { FORMAT_NAMES, type Format } from './report/formats/names.js';
import { RUNNER_OPTIONS, type RunnerOption } from './runner-options.js';

/** The inputs of the action; the flags of `check` carry the same names. `action.yml` lists them with their defaults. */
export const INPUT_NAMES = [
  'images',
  'base',
  'mode',
  ...RUNNER_OPTIONS,
  'gpus',
  'engine',
  'pull',
  'pull-timeout',
  'timeout',
  'container-options',
  'concurrency',
  'fail-on',
  'waivers',
  'report',
  'sarif',
  'junit',
  'html',
  'markdown',
  'annotations',
  'comment',
  'check-run',
  'token',
  'matrix',
] as const;
export type InputName = (typeof INPUT_NAMES)[number];

/** The value of `images` that stands for the images that the repository's files name. */
export const AUTO = 'auto';

export interface Inputs {
  /** Empty for `auto`. */
  readonly images: readonly ImageReference[];
  /** The images are those that the repository's files name and the change touches. */
  readonly auto: boolean;
  /** With `auto`: the commit or branch to compare with; empty: as the event says. */
  readonly base: string;
  readonly mode: Mode;
  /** The runners that the images are for, where they are not for this machine. Checked by who reads them: that needs the tables. */
  readonly runnerInputs: Readonly<Record<RunnerOption, readonly string[]>>;
  readonly gpus: GpuRequest;
  readonly engine: EngineName;
  readonly pull: PullPolicy;
  readonly pullTimeoutMs: number;
  readonly timeoutMs: number;
  readonly containerOptions: readonly string[];
  readonly concurrency: number;
  /** Verdicts that make the step fail; empty for `never`. */
  readonly failOn: readonly Verdict[];
  /** The waiver file; empty: the repository's, where it is there; `none`. */
  readonly waivers: string;
  /** Where the report goes; empty: where the caller thinks best. */
  readonly report: string;
  /** Other files that the report is written as, by format; those not asked for are absent. */
  readonly formats: Readonly<Partial<Record<Format, string>>>;
  readonly annotations: boolean;
  readonly comment: CommentMode;
  /** The name of the check run that is made; true: with a name of its own kind; false: none is. */
  readonly checkRun: boolean | string;
}

/** `auto`: a check where this machine has a driver, else a prediction. */
type Mode = 'check' | 'scan' | 'predict' | 'auto';
const MODES: readonly Mode[] = ['check', 'scan', 'predict', 'auto'];
const COMMENT_MODES: readonly CommentMode[] = ['never', 'on-failure', 'always'];

/** One wrong value: which input, what it was, what it may be, what to do. */
export interface InputMistake {
  readonly input: string;
  readonly value: string;
  /** What is wrong with it, as a clause. */
  readonly why: string;
  readonly allowed: string;
  readonly fix: string;
}

export type ParsedInputs =
  | { readonly ok: true; readonly inputs: Inputs }
  | { readonly ok: false; readonly mistakes: readonly InputMistake[] };

const DEFAULTS: Readonly<Record<InputName, string>> = {
  images: '',
  base: '',
  mode: 'check',
  driver: '',
  gpu: '',
  'compute-capability': '',
  platform: '',
  fleet: '',
  profile: '',
  gpus: 'all',
  engine: 'docker',
  pull: 'missing',
  'pull-timeout': '30m',
  timeout: '5m',
  'container-options': '',
  concurrency: '4',
  'fail-on': 'fails,unknown',
  waivers: '',
  report: '',
  sarif: '',
  junit: '',
  html: '',
  markdown: '',
  annotations: 'true',
  comment: 'never',
  'check-run': 'false',
  // The runner fills both in. They are read only by who needs them, and are not among the parsed inputs, which reports may show.
  token: '',
  matrix: '',
};

export const INPUT_DEFAULTS = DEFAULTS;

export const MAX_IMAGES = 256;
const MAX_CONCURRENCY = 16;
const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

type Part<T> = { value: T } | { mistakes: Omit<InputMistake, 'input'>[] };

/**
 * Reads and checks all inputs; an input that is absent or empty has its default. Pure, and complete: every mistake of every
 * input is in the answer.
 */
export function parseInputs(read: (name: InputName) => string | undefined): ParsedInputs {
  const mistakes: InputMistake[] = [];
  const take = <T>(name: InputName, parse: (text: string) => Part<T>): T | undefined => {
    const given = read(name)?.trim() ?? '';
    const part = parse(given === '' ? DEFAULTS[name] : given);
    if ('value' in part) return part.value;
    mistakes.push(...part.mistakes.map((mistake) => ({ input: name, ...mistake })));
    return undefined;
  };
  const images = take('images', parseImages);
  const auto = images === AUTO;
  const base = take('base', (text) => parseBase(text, auto));
  const mode = take('mode', oneOf(MODES));
  const runnerInputs = Object.fromEntries(
    RUNNER_OPTIONS.map((name) => [name, listOf(read(name) ?? '')]),
  ) as unknown as Inputs['runnerInputs'];
  const gpus = take('gpus', parseGpus);
  const engine = take('engine', oneOf(ENGINE_NAMES));
  const pull = take('pull', oneOf(PULL_POLICIES));
  const pullTimeoutMs = take('pull-timeout', (text) => parseDuration(text));
  const timeoutMs = take('timeout', (text) => parseDuration(text));
  const containerOptions = take('container-options', parseOptions);
  const concurrency = take('concurrency', parseConcurrency);
  const failOn = take('fail-on', parseFailOn);
  const waivers = take('waivers', (text) => parsePath(text, 'a path of the waiver file'));
  const report = take('report', (text) => parsePath(text));
  const formats = parseFormats(take);
  const annotations = take('annotations', parseBoolean);
  const comment = take('comment', oneOf(COMMENT_MODES));
  const checkRun = take('check-run', parseCheckRun);
  if (
    images === undefined ||
    base === undefined ||
    mode === undefined ||
    gpus === undefined ||
    engine === undefined ||
    pull === undefined ||
    pullTimeoutMs === undefined ||
    timeoutMs === undefined ||
    containerOptions === undefined ||
    concurrency === undefined ||
    failOn === undefined ||
    waivers === undefined ||
    report === undefined ||
    formats === undefined ||
    annotations === undefined ||
    comment === undefined ||
    checkRun === undefined
  ) {
    return { ok: false, mistakes };
  }
  return {
    ok: true,
    inputs: {
      images: auto ? [] : images,
      auto,
      base,
      mode,
      runnerInputs,
      gpus,
      engine,
      pull,
      pullTimeoutMs,
      timeoutMs,
      containerOptions,
      concurrency,
      failOn,
      waivers,
      report,
      formats,
      annotations,
      comment,
      checkRun,
    },
  };
}

const wrong = (value: string, why: string, allowed: string, fix: string): Part<never> => ({
  mistakes: [{ value, why, allowed, fix }],
});

const listOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const REFERENCE = 'image references such as nvcr.io/nvidia/cuda:12.8.1-base-ubuntu24.04';

function parseImages(text: string): Part<readonly ImageReference[] | typeof AUTO> {
  if (text === AUTO) return { value: AUTO };
  const names = listOf(text);
  if (names.length === 0) {
    return wrong(
      text,
      'there is no image',
      `${REFERENCE}, one a line or separated by commas; or ${AUTO}`,
      `name at least one image, or use ${AUTO} for those that the change touches`,
    );
  }
  if (names.length > MAX_IMAGES) {
    return wrong(
      `${names.length} images`,
      'these are too many for one step',
      `up to ${MAX_IMAGES} images`,
      'spread them over several steps or a matrix',
    );
  }
  const images: ImageReference[] = [];
  const mistakes: Omit<InputMistake, 'input'>[] = [];
  for (const name of new Set(names)) {
    const parsed = parseReference(name);
    if (parsed.ok) images.push(parsed.reference);
    else {
      mistakes.push({
        value: name,
        why: parsed.why,
        allowed: '[HOST[:PORT]/]NAME[:TAG][@DIGEST]',
        fix: 'copy the reference from the registry, or test it with "docker pull"',
      });
    }
  }
  return mistakes.length === 0 ? { value: images } : { mistakes };
}

const REVISION = /^[\w.@{}~^/][\w.@{}~^/-]*$/;

function parseBase(text: string, auto: boolean): Part<string> {
  if (text === '') return { value: text };
  if (!REVISION.test(text) || text.length > 255) {
    return wrong(
      text,
      'it names no commit',
      'a commit, branch or tag, such as origin/main',
      'see what "git rev-parse --verify" takes',
    );
  }
  return auto
    ? { value: text }
    : wrong(
        text,
        'the images are named, so that nothing is compared',
        `a base only with images: ${AUTO}`,
        `leave it out, or use images: ${AUTO}`,
      );
}

const GPU_NAME = /^(?:\d{1,3}(?::\d{1,2})?|(?:GPU|MIG)-[\w/-]{1,120})$/;

/** Only GPUs: a device of another vendor could bring anything of the runner into the container. */
const CDI_NAME = /^nvidia\.com\/gpu=[\w.:-]{1,120}$/;

function parseGpus(text: string): Part<GpuRequest> {
  const names = listOf(text);
  if (names.length > 0 && names.every((name) => CDI_NAME.test(name))) {
    return { value: { kind: 'cdi', names } };
  }
  if (text === 'all') return { value: { kind: 'all' } };
  const devices = listOf(text.replace(/^device=/, ''));
  const counted = !text.startsWith('device=') && devices.length === 1 && /^\d+$/.test(text);
  if (counted && Number(text) >= 1 && Number(text) <= 128) {
    return { value: { kind: 'count', count: Number(text) } };
  }
  if (!counted && devices.length > 0 && devices.every((device) => GPU_NAME.test(device))) {
    return { value: { kind: 'devices', devices } };
  }
  return wrong(
    text,
    'it names no GPUs',
    'all, a number of GPUs (2), a list of indexes, UUIDs or MIG names (device=0,GPU-8f3c…), or of CDI devices (nvidia.com/gpu=0,nvidia.com/gpu=1)',
    'use all for every GPU of the runner',
  );
}

const oneOf =
  <T extends string>(values: readonly T[]) =>
  (text: string): Part<T> => {
    const value = values.find((one) => one === text);
    return value === undefined
      ? wrong(text, 'it is not a known value', values.join(', '), `use one of ${values.join(', ')}`)
      : { value };
  };

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  h: 60 * 60 * SECOND,
};

/** `90s`, `2m`, `1h`; a bare number counts seconds. */
function parseDuration(text: string): Part<number> {
  const [, digits, unit = 's'] = /^(\d{1,8})(ms|s|m|h)?$/.exec(text) ?? [];
  const value = digits === undefined ? 0 : Number(digits) * (UNITS[unit] ?? SECOND);
  return value >= SECOND && value <= DAY
    ? { value }
    : wrong(
        text,
        'it is not a time',
        'from 1s to 24h: 90, 90s, 2m or 1h',
        'write 2m for two minutes',
      );
}

function parseOptions(text: string): Part<readonly string[]> {
  const parsed = parseContainerOptions(text);
  return parsed.ok
    ? { value: parsed.words }
    : {
        mistakes: parsed.problems.map(({ value, allowed }) => ({
          value,
          why: 'the container of the check does not take it',
          allowed,
          fix: 'leave it out; the real job may still use it',
        })),
      };
}

function parseConcurrency(text: string): Part<number> {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= MAX_CONCURRENCY
    ? { value }
    : wrong(
        text,
        'it is not such a number',
        `a whole number from 1 to ${MAX_CONCURRENCY}`,
        `use ${DEFAULTS.concurrency}`,
      );
}

const FAILING: readonly Verdict[] = ['fails', 'unknown'];

function parseFailOn(text: string): Part<Verdict[]> {
  if (text === 'never') return { value: [] };
  const names = listOf(text);
  const verdicts = FAILING.filter((verdict) => names.includes(verdict));
  const bad = names.find((name) => !FAILING.some((verdict) => verdict === name));
  return bad === undefined && verdicts.length > 0
    ? { value: verdicts }
    : wrong(
        bad ?? text,
        'it is no verdict that a step can fail on',
        'fails, unknown, both separated by a comma, or never',
        'use fails,unknown to fail unless the image works',
      );
}

/** The places of all formats, or undefined when one of them is wrong. */
function parseFormats(
  take: (name: Format, parse: (text: string) => Part<string>) => string | undefined,
): Partial<Record<Format, string>> | undefined {
  const places = FORMAT_NAMES.map((name) => [name, take(name, (text) => parsePath(text))] as const);
  if (places.some(([, place]) => place === undefined)) return undefined;
  return Object.fromEntries(places.filter(([, place]) => place !== ''));
}

const MAX_PATH = 4096;

function parsePath(text: string, allowed = 'a path of the file to write'): Part<string> {
  const control = /\p{Cc}/u.test(text);
  return control || text.length > MAX_PATH
    ? wrong(
        text,
        control ? 'it contains a control character' : 'it is too long for a path',
        allowed,
        'name a file by its path, such as cuda-image-check.json',
      )
    : { value: text };
}

function parseBoolean(text: string): Part<boolean> {
  const value = /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
  return value === undefined
    ? wrong(text, 'it is neither true nor false', 'true, false', 'write true or false')
    : { value };
}

const MAX_CHECK_NAME = 100;

function parseCheckRun(text: string): Part<boolean | string> {
  const switched = parseBoolean(text);
  if ('value' in switched) return switched;
  const control = /\p{Cc}/u.test(text);
  return control || text.length > MAX_CHECK_NAME
    ? wrong(
        text,
        control
          ? 'it contains a line end or another control character'
          : 'it is too long for a name',
        `true, false, or a name of up to ${MAX_CHECK_NAME} characters`,
        'write true for a name that says workflow, job and matrix leg',
      )
    : { value: text };
}
