/** Every path of a document type, `host.gpus.index`, so that a field missing on either side shows. */
export type Paths<T> = T extends readonly (infer E)[]
  ? Paths<E>
  : T extends object
    ? string extends keyof T
      ? never
      : { [K in keyof T & string]-?: K | `${K}.${Paths<T[K]> & string}` }[keyof T & string]
    : never;

/** Parsed documents are fresh objects, so whether a type calls them read-only makes no difference. */
export type Writable<T> = T extends readonly (infer E)[]
  ? Writable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T;

export type Extends<A, B> = [A] extends [B] ? true : false;
