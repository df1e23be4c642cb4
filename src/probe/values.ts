/** The probe cuts every text at 4,096 bytes; what is longer is not from it. */
export const MAX_TEXT = 4096;
const MAX_CODE = 1_000_000;

/** A document after `JSON.parse`: nothing in it is believed before it was looked at. */
export type Document = Readonly<Record<string, unknown>>;

export const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each of these gives undefined for a value of a wrong type or size, as if the probe had not known it. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT ? value : undefined;

/** The texts among the first `most` members; what is no array has none. */
export const texts = (value: unknown, most: number): string[] =>
  Array.isArray(value)
    ? value.slice(0, most).filter((one): one is string => text(one) !== undefined)
    : [];

export const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** A result code of CUDA or NVML. */
export const code = (value: unknown): number | undefined => {
  const number = count(value);
  return number !== undefined && number <= MAX_CODE ? number : undefined;
};

export const milliseconds = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

export const flag = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

/** `12.2`, `535.104.05`. */
export const version = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{1,6}(?:\.\d{1,6}){0,3}$/.test(value) ? value : undefined;

export const signal = (value: unknown): string | undefined =>
  typeof value === 'string' && /^SIG[A-Z0-9]{1,12}$/.test(value) ? value : undefined;

export const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((one) => one === value);

type Present<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** The same object without the members that are undefined: an absent fact is unknown. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}
