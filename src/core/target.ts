/** A GPU's compute capability, `8.0`. */
export interface ComputeCapability {
  readonly raw: string;
  readonly major: number;
  readonly minor: number;
}

/** What a compiler was told to make code for: `sm_90a` (machine code) or `compute_90` (PTX). */
export interface Target {
  readonly raw: string;
  readonly kind: 'cubin' | 'ptx';
  readonly major: number;
  readonly minor: number;
  /** `a`: this GPU only; `f`: this family; empty: the whole major from this minor on. */
  readonly variant: '' | 'a' | 'f';
}

/** `8.0`, `10.3`. Undefined for anything else. */
export function parseComputeCapability(text: string | undefined): ComputeCapability | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,2})\.(\d)$/.exec(text.trim());
  if (match === null) return undefined;
  return { raw: text, major: Number(match[1]), minor: Number(match[2]) };
}

/** `sm_86`, `sm_90a`, `sm_100f`, `compute_120`: the last digit is the minor number. Undefined for anything else. */
export function parseTarget(text: string): Target | undefined {
  const match = /^(sm|compute)_(\d{1,2})(\d)([af]?)$/.exec(text.trim());
  if (match === null) return undefined;
  return {
    raw: text,
    kind: match[1] === 'sm' ? 'cubin' : 'ptx',
    major: Number(match[2]),
    minor: Number(match[3]),
    variant: variantOf(match[4]),
  };
}

function variantOf(letter: string | undefined): Target['variant'] {
  return letter === 'a' || letter === 'f' ? letter : '';
}

export function compareCapability(
  a: { major: number; minor: number },
  b: { major: number; minor: number },
): number {
  return a.major - b.major || a.minor - b.minor;
}

export const sameCapability = (
  a: { major: number; minor: number },
  b: { major: number; minor: number },
): boolean => a.major === b.major && a.minor === b.minor;
