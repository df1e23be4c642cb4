import {
  holds,
  parseSemanticVersion,
  type Requirement,
  type RequirementHost,
  type RequirementOperator,
  type RequirementOutcome,
  type Truth,
} from './requirement.js';
import { compareDotted } from './version.js';

/**
 * NVIDIA_REQUIRE_* as the toolkit's csv mode (Tegra) reads it, with another grammar than the legacy mode's: keys mind upper and
 * lower case and an unknown one is skipped, values are semantic versions (`470.57.02` with its leading zero is none), and one
 * fault anywhere refuses the container. Driver and brand are known keys without a value: no driver is below every version.
 *
 * Source: https://github.com/NVIDIA/nvidia-container-toolkit internal/requirements and internal/modifier/csv.go, through 1.20;
 * newer sources accept leading zeros and never satisfy a clause about the driver.
 */
export function evaluateRequirementOnTegra(
  requirement: Requirement,
  host: RequirementHost,
): RequirementOutcome {
  const clause = requirement.terms[0]?.raw ?? requirement.raw;
  const terms: { readonly raw: string; readonly factors: readonly TegraFactor[] }[] = [];
  for (const term of requirement.terms) {
    const factors: TegraFactor[] = [];
    for (const { raw } of term.factors) {
      const factor = parseFactor(raw);
      if (factor === 'fault') return { truth: 'unmet', clause: raw, invalid: true };
      if (factor !== 'skipped') factors.push(factor);
    }
    if (factors.length > 0) terms.push({ raw: term.raw, factors });
  }
  if (terms.length === 0) return { truth: 'met', clause, invalid: false };
  let truth: Truth = 'unmet';
  for (const { raw, factors } of terms) {
    const each = factors.map((factor) => evaluateFactor(factor, host));
    if (each.every((one) => one === 'met')) return { truth: 'met', clause: raw, invalid: false };
    if (!each.includes('unmet')) truth = 'unknown';
  }
  return { truth, clause, invalid: false };
}

interface TegraFactor {
  readonly key: 'cuda' | 'driver' | 'arch' | 'brand';
  /** Undefined: none that is known, which is never satisfied. */
  readonly operator: RequirementOperator | undefined;
  readonly value: string;
  readonly version: readonly number[];
}

const OPERATORS = ['!=', '<=', '>=', '=', '<', '>'] as const;

function parseFactor(raw: string): TegraFactor | 'skipped' | 'fault' {
  if (raw.trim() === '') return 'skipped';
  const at = raw.search(/[<>=!]/);
  if (at < 0) return 'fault';
  const key = raw.slice(0, at);
  if (key !== 'cuda' && key !== 'driver' && key !== 'arch' && key !== 'brand') return 'skipped';
  const rest = raw.slice(at);
  const operator = OPERATORS.find((one) => rest.startsWith(one));
  const value = rest.slice(operator?.length ?? 0);
  if (key === 'brand') return { key, operator, value, version: [] };
  const version = parseSemanticVersion(value);
  return version === undefined ? 'fault' : { key, operator, value, version };
}

/** The value that the toolkit has for a brand: none. */
const NO_BRAND = '';

function evaluateFactor(factor: TegraFactor, host: RequirementHost): Truth {
  const { key, operator, value, version } = factor;
  if (operator === undefined) return 'unmet';
  if (key === 'brand') return truthOf(holds(NO_BRAND === value ? 0 : -1, operator));
  if (key === 'driver') return truthOf(holds(-1, operator));
  const have = host[key];
  if (have === undefined || have === 'any') return 'unknown';
  return truthOf(holds(compareDotted(have, version), operator));
}

const truthOf = (met: boolean): Truth => (met ? 'met' : 'unmet');
