/**
 * A fact with the place it was read from, or the reason why it is not known.
 * Unknown is a value of its own: it can neither satisfy nor break a rule.
 */
export type Known<T> = KnownValue<T> | Unknown;

export interface KnownValue<T> {
  readonly known: true;
  readonly value: T;
  /** Where the value was read: `nvidia-smi`, `image environment CUDA_VERSION`, … */
  readonly from: string;
}

export interface Unknown {
  readonly known: false;
  readonly why: string;
}

export const known = <T>(value: T, from: string): KnownValue<T> => ({ known: true, value, from });

export const unknown = (why: string): Unknown => ({ known: false, why });
