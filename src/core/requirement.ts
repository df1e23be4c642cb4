import { compareDotted } from './version.js';

/**
 * NVIDIA_REQUIRE_*: the start-up gate of an image, as libnvidia-container reads it.
 *
 * value = terms separated by spaces, of which one must hold; term = factors separated by commas, all of which must hold;
 * factor = key operator value. Evaluation goes from left to right and stops at the first term that holds, so a fault further
 * right stays unseen. A fact that the host cannot tell counts as satisfied there; here, where it is *we* who do not know it,
 * it makes the outcome unknown. Compared case by case with the evaluator itself: docs/engines.md.
 *
 * Source: https://github.com/NVIDIA/libnvidia-container src/cli/dsl.c, src/cli/configure.c;
 * https://github.com/NVIDIA/nvidia-container-toolkit internal/config/image/cuda_image.go.
 */
export type RequirementKey = 'cuda' | 'driver' | 'arch' | 'brand';
export type RequirementOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Factor =
  | {
      readonly kind: 'factor';
      readonly raw: string;
      readonly key: RequirementKey;
      readonly operator: RequirementOperator;
      readonly value: string;
      /** Undefined where the value cannot be compared, which is a fault where there is something to compare it with. */
      readonly parts: readonly number[] | undefined;
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
    .filter((term) => term !== '')
    .map((term) => ({ raw: term, factors: factorsOf(term) }));
  return { variable, raw, terms, implied };
}

function factorsOf(term: string): Factor[] {
  return term
    .split(',')
    .filter((factor) => factor !== '')
    .map(parseFactor);
}

function parseFactor(raw: string): Factor {
  const match = /^([^<>=!]+)([<>=!]+)([^<>=!].*)$/s.exec(raw);
  const [, writtenKey = '', written = '', value = ''] = match ?? [];
  const key = writtenKey.toLowerCase();
  // The operator is looked up by as many characters as are written, and "!" begins "!=" alone.
  const operator = written === '!' ? '!=' : written;
  if (!isKey(key) || !isOperator(operator)) return { kind: 'invalid', raw };
  if (key !== 'brand') {
    return { kind: 'factor', raw, key, operator, value, parts: parseNumbers(value) };
  }
  const parts = operator === '=' || operator === '!=' ? [] : undefined;
  return { kind: 'factor', raw, key, operator, value: value.toLowerCase(), parts };
}

const isKey = (text: string): text is RequirementKey => KEYS.includes(text);

const isOperator = (text: string): text is RequirementOperator =>
  ['=', '!=', '<', '<=', '>', '>='].includes(text);

/** Numbers and dots, of which several count as one: `12..2` is `12.2`. Undefined for anything else and for what no 64 bits hold. */
function parseNumbers(text: string): readonly number[] | undefined {
  if (!/^\d[\d.]*$/.test(text)) return undefined;
  const parts = text.split('.').filter((part) => part !== '');
  return parts.some((part) => BigInt(part) >= UNREADABLE) ? undefined : parts.map(Number);
}

/** What `strtoumax` answers for a number that is too large, and what the evaluator therefore takes for an error. */
const UNREADABLE = 2n ** 64n - 1n;

type TermOutcome = 'met' | 'unmet' | 'invalid';

/**
 * Evaluates one requirement against one GPU as the legacy mode does: every way in which the evaluation may go, given what is
 * known of the host, and `unknown` where they end differently.
 */
export function evaluateRequirement(
  requirement: Requirement,
  host: RequirementHost,
): RequirementOutcome {
  const first = requirement.terms[0];
  if (first === undefined) return { truth: 'met', clause: requirement.raw, invalid: false };
  const ends = new Set<TermOutcome>();
  let last = first;
  let goesOn = true;
  for (const term of requirement.terms) {
    // A term of nothing but commas ends the evaluation where it stands: satisfied, unless a term before it was not.
    const outcomes = term.factors.length > 0 ? outcomesOf(term, host) : new Set<TermOutcome>();
    if (term.factors.length === 0 && term === first) outcomes.add('met');
    goesOn = outcomes.has('unmet');
    for (const outcome of outcomes) if (outcome !== 'unmet') ends.add(outcome);
    if (term.factors.length === 0 && term !== first) ends.add('unmet');
    if (outcomes.has('met') || outcomes.has('invalid')) last = term;
    if (!goesOn) break;
  }
  if (goesOn) ends.add('unmet');
  const invalid = !ends.has('met') && !ends.has('unmet');
  const truth = !ends.has('met') ? 'unmet' : ends.size === 1 ? 'met' : 'unknown';
  const decided = truth === 'met' || (ends.has('invalid') && !ends.has('unmet'));
  return { truth, clause: decided ? last.raw : first.raw, invalid };
}

/** How a term may end; from left to right, and the first factor that is not satisfied ends it. */
function outcomesOf(term: Term, host: RequirementHost): Set<TermOutcome> {
  const outcomes = new Set<TermOutcome>();
  for (const factor of term.factors) {
    const each = outcomesOfFactor(factor, host);
    for (const outcome of each) if (outcome !== 'met') outcomes.add(outcome);
    if (!each.includes('met')) return outcomes;
  }
  return outcomes.add('met');
}

function outcomesOfFactor(factor: Factor, host: RequirementHost): readonly TermOutcome[] {
  if (factor.kind === 'invalid') return ['invalid'];
  const { key, operator, value, parts } = factor;
  const have = key === 'brand' ? host.brands : host[key];
  // Without a visible GPU its architecture and brand are not looked at, not even for faults.
  if (have === 'any') return ['met'];
  if (parts === undefined) {
    const mayBeUnasked = have === undefined && (key === 'arch' || key === 'brand');
    return mayBeUnasked ? ['met', 'invalid'] : ['invalid'];
  }
  if (have === undefined) return ['met', 'unmet'];
  if (key === 'brand') return outcomesOfBrand(host.brands as readonly string[], operator, value);
  return [holds(compareDotted(have as readonly number[], parts), operator) ? 'met' : 'unmet'];
}

/** A board that may get one of several names has the one that is asked for, but may also differ from it. */
function outcomesOfBrand(
  brands: readonly string[],
  operator: RequirementOperator,
  value: string,
): readonly TermOutcome[] {
  const named = brands.includes(value);
  if (operator === '=') return [named ? 'met' : 'unmet'];
  if (!named) return ['met'];
  return brands.length > 1 ? ['met', 'unmet'] : ['unmet'];
}

/** Whether an order of two versions (negative, 0, positive) is one that the operator asks for. */
export function holds(order: number, operator: RequirementOperator): boolean {
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
  return [...declared, impliedBy(version)];
}

/**
 * `cuda>=12.8` for CUDA_VERSION `12.8.1`. What is no semantic version, such as NGC's `12.8.1.012`, makes the container stack
 * give up: an image that declares its own requirement, as NGC's do, never comes here, one that empties it does.
 */
function impliedBy(version: string): Requirement {
  const numbers = parseSemanticVersion(version);
  if (numbers !== undefined) {
    const [major = 0, minor = 0] = numbers;
    return parseRequirement('CUDA_VERSION', `cuda>=${major}.${minor}`, true);
  }
  const invalid: Term = { raw: version, factors: [{ kind: 'invalid', raw: version }] };
  return { variable: 'CUDA_VERSION', raw: version, terms: [invalid], implied: true };
}

/**
 * Major, minor, patch as the toolkit reads versions (golang.org/x/mod/semver, through 1.20): one to three numbers without
 * leading zeros, a label behind the third only. Undefined for anything else.
 */
export function parseSemanticVersion(text: string): readonly number[] | undefined {
  const [core = ''] = text.replace(/^v/, '').split(/[-+]/);
  const parts = core.split('.');
  const labelled = core.length < text.replace(/^v/, '').length;
  if (parts.length > 3 || (labelled && parts.length < 3) || text.length > 100) return undefined;
  return parts.every((part) => /^(?:0|[1-9]\d*)$/.test(part)) ? parts.map(Number) : undefined;
}
