import { createHash } from 'node:crypto';

const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Whether a text is a digest of an algorithm that is checked here; nothing else becomes part of an address or a file name. */
export function isDigest(text: string): boolean {
  const [, algorithm = '', hex = ''] = /^(\w{1,10}):([0-9a-f]{1,200})$/.exec(text) ?? [];
  return Object.hasOwn(LENGTHS, algorithm) && hex.length === LENGTHS[algorithm];
}

/** @param algorithm `sha256`, `sha384` or `sha512` */
export const digestOf = (bytes: Uint8Array, algorithm = 'sha256'): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

/** Whether these bytes are the ones that the digest names. */
export const matches = (bytes: Uint8Array, digest: string): boolean =>
  isDigest(digest) && digestOf(bytes, digest.slice(0, digest.indexOf(':'))) === digest;
