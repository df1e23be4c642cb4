/**
 * NVIDIA's version numbers. None of them is semantic versioning: `535.104.05` has a leading zero, `12080` is an integer, and
 * `450` means a whole branch. Each is parsed once, compared as numbers, and printed as it came (`raw`).
 */
interface Dotted {
  readonly raw: string;
  readonly parts: readonly number[];
}

export interface DriverVersion extends Dotted {
  /** The first number: all releases of a branch report the same CUDA version. */
  readonly branch: number;
  /** Only the branch is known (`535`, `535.x`). */
  readonly branchOnly: boolean;
}

export interface CudaVersion extends Dotted {
  readonly major: number;
  readonly minor: number;
}

export interface PtxIsa extends Dotted {
  readonly major: number;
  readonly minor: number;
}

/** More than any version with white space around it; expressions below are not linear in a text of megabytes. */
const LONGEST = 100;

/** Reads numbers between dots; undefined for anything else: no text, other text, and absurdly long ones. */
export function parseDotted(text: string | undefined, most = 5): readonly number[] | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const trimmed = text.trim();
  if (!/^\d{1,7}(\.\d{1,7})*$/.test(trimmed)) return undefined;
  const parts = trimmed.split('.').map(Number);
  return parts.length <= most ? parts : undefined;
}

/** Compares field by field as numbers; missing fields count as zero. */
export function compareDotted(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `535.104.05`, `384.81`, and a branch alone as people write it: `535`, `535.x`. Undefined for anything else. */
export function parseDriverVersion(text: string | undefined): DriverVersion | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const parts = parseDotted(text.trim().replace(/(\.[xX])+$/, ''), 4);
  const branch = parts?.[0];
  // The oldest driver that any table speaks of is 295, and four digits are far away: less or more is another kind of number.
  if (parts === undefined || branch === undefined || branch < 100 || branch > 9999)
    return undefined;
  return { raw: text, parts, branch, branchOnly: parts.length === 1 };
}

/** Whether a driver is at or above a published minimum. A bare branch counts as its newest release. */
export function driverAtLeast(driver: DriverVersion, minimum: DriverVersion): boolean {
  if (driver.branchOnly && driver.branch === minimum.branch) return true;
  return compareDotted(driver.parts, minimum.parts) >= 0;
}

/** `12.8`, `12.8.1`, `12.8.1.012`, `13`, and the integer that the API returns, `12080`. Undefined for anything else. */
export function parseCudaVersion(text: string | undefined): CudaVersion | undefined {
  if (text === undefined) return undefined;
  const parts = parseDotted(text, 4);
  const major = parts?.[0];
  if (parts === undefined || major === undefined) return undefined;
  if (parts.length === 1 && major >= 1000) {
    const minor = Math.floor((major % 1000) / 10);
    const whole = Math.floor(major / 1000);
    return whole < 100 ? { raw: text, parts: [whole, minor], major: whole, minor } : undefined;
  }
  if (major === 0 || major >= 100 || (parts[1] ?? 0) >= 100) return undefined;
  return { raw: text, parts, major, minor: parts[1] ?? 0 };
}

/** Compares major and minor only: what a driver reports has no more. */
export function compareCudaMinor(
  a: { major: number; minor: number },
  b: { major: number; minor: number },
): number {
  return a.major - b.major || a.minor - b.minor;
}

/** `8.7`. Undefined for anything else. */
export function parsePtxIsa(text: string): PtxIsa | undefined {
  const parts = parseDotted(text, 2);
  const [major, minor] = parts ?? [];
  if (parts === undefined || major === undefined || minor === undefined) return undefined;
  return { raw: text, parts, major, minor };
}
