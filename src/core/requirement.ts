import { compareDotted, parseDotted } from './version.js';

/**
 * NVIDIA_REQUIRE_*: the start-up gate of an image, as libnvidia-container reads it.
 *
 * value = terms separated by spaces, of which one must hold; term = factors separated by commas, all of which must hold;
 * factor = key operator value. Evaluation goes from left to right and stops at the first term that holds, so a fault further
 * right stays unseen. A fact that the host cannot tell counts as satisfied there; here, where it is *we* who do not know it,
 * it makes the outcome unknown.
 *
 * Source: https://github.com/NVIDIA/libnvidia-container src/cli/dsl.c, src/cli/configure.c;
 * https://github.com/NVIDIA/nvidia-container-toolkit internal/config/image/cuda_image.go, internal/requirements (csv mode).
 */
export type RequirementKey = 'cuda' | 'driver' | 'arch' | 'brand';
export type RequirementOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Factor =
  | {
      readonly kind: 'factor';
      readonly raw: string;
      readonly key: RequirementKey;
      /** As written: the toolkit's csv mode minds upper and lower case. */
      readonly writtenKey: string;
      readonly operator: RequirementOperator;
      readonly value: string;
      readonly parts: readonly number[];
    }
  | { readonly kind: 'invalid'; readonly raw: string };

export interface Term {
  readonly raw: string;
  readonly factors: readonly Factor[];
}

export interface Requirement {
  readonly variable: string;
  readonly raw: string;
  readonly terms: readonly Term[];
  /** Made from CUDA_VERSION because the image declares nothing. */
  readonly implied: boolean;
}

/** What one GPU of the host is measured against; an absent value is unknown. */
export interface RequirementHost {
  readonly cuda?: readonly number[];
  readonly driver?: readonly number[];
  /** `any`: no GPU is visible, and then arch and brand count as satisfied. */
  readonly arch?: readonly number[] | 'any';
  /** The names that NVML and the container stack may give to this board, lower case. */
  readonly brands?: readonly string[] | 'any';
}

export type Truth = 'met' | 'unmet' | 'unknown';

export interface RequirementOutcome {
  readonly truth: Truth;
  /** The term that decides: the one that holds, else the first, which is the one that the engine prints. */
  readonly clause: string;
  readonly invalid: boolean;
}

/** The fixed size of the container stack's list: one more is refused whatever it says. */
export const MOST_REQUIREMENTS = 32;

const KEYS: readonly string[] = ['cuda', 'driver', 'arch', 'brand'];

/** Reads one value; never fails, since a faulty factor only matters when the evaluation reaches it. */
export function parseRequirement(variable: string, raw: string, implied = false): Requirement {
  const terms = raw
    .split(' ')
    .map((term) => ({ raw: term, factors: factorsOf(term) }))
    .filter((term) => term.factors.length > 0);
  return { variable, raw, terms, implied };
}

function factorsOf(term: string): Factor[] {
  return term
    .split(',')
    .filter((factor) => factor !== '')
    .map(parseFactor);
}

function parseFactor(raw: string): Factor {
  const match = /^([A-Za-z]+)(!=|<=|>=|=|<|>)([^=<>!].*)$/.exec(raw);
  const [, writtenKey = '', operator = '', value = ''] = match ?? [];
  const key = writtenKey.toLowerCase();
  if (!isKey(key) || !isOperator(operator)) return { kind: 'invalid', raw };
  if (key === 'brand') {
    if (operator !== '=' && operator !== '!=') return { kind: 'invalid', raw };
    return {
      kind: 'factor',
      raw,
      key,
      writtenKey,
      operator,
      value: value.toLowerCase(),
      parts: [],
    };
  }
  const parts = parseDotted(value);
  if (parts === undefined) return { kind: 'invalid', raw };
  return { kind: 'factor', raw, key, writtenKey, operator, value, parts };
}

const isKey = (text: string): text is RequirementKey => KEYS.includes(text);

const isOperator = (text: string): text is RequirementOperator =>
  ['=', '!=', '<', '<=', '>', '>='].includes(text);

/** Evaluates one requirement against one GPU as the legacy mode does. */
export function evaluateRequirement(
  requirement: Requirement,
  host: RequirementHost,
): RequirementOutcome {
  const first = requirement.terms[0];
  if (first === undefined) return { truth: 'met', clause: requirement.raw, invalid: false };
  let open = false;
  for (const term of requirement.terms) {
    const truth = evaluateTerm(term, host);
    if (truth === 'met') return { truth: 'met', clause: term.raw, invalid: false };
    if (truth === 'invalid') {
      // If an earlier term may hold, the evaluation may never come here.
      return { truth: open ? 'unknown' : 'unmet', clause: term.raw, invalid: !open };
    }
    if (truth === 'unknown') open = true;
  }
  return { truth: open ? 'unknown' : 'unmet', clause: first.raw, invalid: false };
}

function evaluateTerm(term: Term, host: RequirementHost): Truth | 'invalid' {
  let open = false;
  for (const factor of term.factors) {
    if (factor.kind === 'invalid') return open ? 'unknown' : 'invalid';
    const holds = evaluateFactor(factor, host);
    if (holds === false) return 'unmet';
    if (holds === undefined) open = true;
  }
  return open ? 'unknown' : 'met';
}

type KnownFactor = Extract<Factor, { kind: 'factor' }>;

function evaluateFactor(factor: KnownFactor, host: RequirementHost): boolean | undefined {
  if (factor.key === 'brand') {
    if (host.brands === 'any') return true;
    if (host.brands === undefined) return undefined;
    const named = host.brands.includes(factor.value);
    return factor.operator === '=' ? named : !named;
  }
  const have = host[factor.key];
  if (have === 'any') return true;
  return have === undefined ? undefined : holds(compareDotted(have, factor.parts), factor.operator);
}

function holds(order: number, operator: RequirementOperator): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/**
 * Evaluates one requirement as the toolkit's csv mode (Tegra) does: only `cuda` and `arch` are known there, keys mind upper and
 * lower case, an unknown key is skipped and a term without a usable factor is dropped.
 */
export function evaluateRequirementOnTegra(
  requirement: Requirement,
  host: RequirementHost,
): RequirementOutcome {
  const terms = requirement.terms
    .map((term) => ({
      raw: term.raw,
      factors: term.factors.filter(
        (factor) => factor.kind === 'factor' && KEYS.includes(factor.writtenKey),
      ),
    }))
    .filter((term) => term.factors.length > 0);
  const usable: RequirementHost = {
    ...(host.cuda === undefined ? {} : { cuda: host.cuda }),
    ...(host.arch === undefined ? {} : { arch: host.arch }),
    driver: [],
    brands: [],
  };
  const withoutDriver = terms.map((term) =>
    term.factors.some((factor) => factor.kind === 'factor' && factor.key === 'driver')
      ? { raw: term.raw, factors: [NEVER] }
      : term,
  );
  return evaluateRequirement({ ...requirement, terms: withoutDriver }, usable);
}

const NEVER: Factor = {
  kind: 'factor',
  raw: 'driver',
  key: 'brand',
  writtenKey: 'driver',
  operator: '=',
  value: '',
  parts: [],
};

/** Go's `strconv.ParseBool`: the values that switch the requirements off. */
export const isTrueForGo = (value: string): boolean =>
  ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value);

/**
 * The requirements of an image's environment. An image with CUDA_VERSION and an empty or absent NVIDIA_REQUIRE_CUDA is a legacy
 * image, and the container stack then requires the CUDA version itself.
 */
export function requirementsOf(env: Readonly<Record<string, string>>): readonly Requirement[] {
  const declared = Object.keys(env)
    .filter(
      (name) => name.startsWith('NVIDIA_REQUIRE_') && !name.startsWith('NVIDIA_REQUIRE_JETPACK'),
    )
    .sort()
    .map((name) => parseRequirement(name, env[name] ?? ''));
  const version = env['CUDA_VERSION'] ?? '';
  if (version === '' || (env['NVIDIA_REQUIRE_CUDA'] ?? '') !== '') return declared;
  const parts = parseDotted(version);
  const text = `cuda>=${parts === undefined ? version : `${parts[0]}.${parts[1] ?? 0}`}`;
  return [...declared, parseRequirement('CUDA_VERSION', text, true)];
}
