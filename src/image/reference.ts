/**
 * Image references as Docker reads them: a port of the reference grammar of the distribution project
 * (https://github.com/distribution/reference/blob/v0.6.0/reference.go and `normalize.go`, Apache-2.0), parsed once.
 */
export interface ImageReference {
  /** As the user wrote it. */
  readonly raw: string;
  /** Registry host with its port: `docker.io`, `nvcr.io`, `[::1]:5000`. */
  readonly domain: string;
  /** Repository without the host: `library/busybox`, `nvidia/pytorch`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

export type ParsedReference =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly why: string };

const ALPHANUMERIC = '[a-z0-9]+';
const SEPARATOR = '(?:[._]|__|-+)';
const PATH_COMPONENT = new RegExp(`^${ALPHANUMERIC}(?:${SEPARATOR}${ALPHANUMERIC})*$`);
const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const IPV6 = '\\[(?:[a-fA-F0-9:]+)\\]';
const DOMAIN = new RegExp(
  `^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|${IPV6})(?::[0-9]+)?$`,
);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
/** Lengths in hexadecimal digits of the algorithms that registries use. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const IDENTIFIER = /^[a-f0-9]{64}$/;
/** Longest repository path that registries take. */
const MAX_PATH = 255;
/** Longer than any valid reference: 255 for the path, and host, tag and digest beside it. */
const MAX_REFERENCE = 1024;

const DEFAULT_DOMAIN = 'docker.io';

/** Parses one image reference; the answer says in plain words what is wrong with an invalid one. Pure. */
export function parseReference(raw: string): ParsedReference {
  const wrong = (why: string): ParsedReference => ({ ok: false, why });
  if (raw === '') return wrong('it is empty');
  if (raw.startsWith('-'))
    return wrong('it begins with "-", which an engine would read as an option');
  if (raw.length > MAX_REFERENCE) return wrong(`it is ${raw.length} characters long`);
  if (/\s/.test(raw)) return wrong('it contains white space');
  if (/[^\x21-\x7e]/.test(raw)) return wrong('it contains a character outside of ASCII');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(raw)) {
    return wrong('it is a URL; an image reference has no "scheme://"');
  }
  if (IDENTIFIER.test(raw)) {
    return wrong('64 hexadecimal digits alone name no repository; write NAME@sha256:…');
  }

  const at = raw.indexOf('@');
  const digest = at === -1 ? undefined : raw.slice(at + 1);
  const named = at === -1 ? raw : raw.slice(0, at);
  if (digest !== undefined) {
    const why = whyNotDigest(digest);
    if (why !== undefined) return wrong(why);
  }

  // A colon after the last slash is a tag, before it a port.
  const lastSlash = named.lastIndexOf('/');
  const colon = named.indexOf(':', lastSlash + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  if (tag !== undefined && !TAG.test(tag)) {
    return wrong(
      tag === ''
        ? 'the tag after ":" is empty'
        : 'the tag may have up to 128 letters, digits, "_", "." and "-", and may not begin with "." or "-"',
    );
  }

  const { domain, path } = splitDomain(name);
  if (!DOMAIN.test(domain)) return wrong(`"${domain}" is no registry host`);
  if (path === '') return wrong('the repository name is missing');
  if (path !== path.toLowerCase()) return wrong('the repository name must be lower case');
  const bad = path.split('/').find((component) => !PATH_COMPONENT.test(component));
  if (bad === '') return wrong('the repository name has an empty part between slashes');
  if (bad !== undefined) {
    return wrong(
      'a part of the repository name has letters and digits, joined by one ".", one or two "_", or "-"',
    );
  }
  if (path.length > MAX_PATH) {
    return wrong(`the repository name has ${path.length} characters, and ${MAX_PATH} is the most`);
  }
  return {
    ok: true,
    reference: {
      raw,
      domain,
      path,
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

/** What Docker does with familiar names: `busybox` is `docker.io/library/busybox`. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isDomain = /[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const domain = isDomain ? first : DEFAULT_DOMAIN;
  const path = isDomain ? name.slice(slash + 1) : name;
  if (domain !== DEFAULT_DOMAIN && domain !== 'index.docker.io') return { domain, path };
  return {
    domain: DEFAULT_DOMAIN,
    path: path.includes('/') || path === '' ? path : `library/${path}`,
  };
}

function whyNotDigest(digest: string): string | undefined {
  if (!DIGEST.test(digest)) return 'the digest after "@" is not ALGORITHM:HEX';
  const [algorithm = '', hex = ''] = digest.split(':');
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  if (length === undefined) {
    return `the digest algorithm is none of ${Object.keys(DIGEST_LENGTHS).join(', ')}`;
  }
  if (hex.length !== length) return `a ${algorithm} digest has ${length} hexadecimal digits`;
  return /[A-F]/.test(hex) ? 'a digest is written in lower case' : undefined;
}

/** The reference in full, `docker.io/library/busybox:1.36@sha256:…`. */
export const canonical = (reference: ImageReference): string =>
  repository(reference) +
  (reference.tag === undefined ? '' : `:${reference.tag}`) +
  (reference.digest === undefined ? '' : `@${reference.digest}`);

/** Host and path, `docker.io/library/busybox`. */
export const repository = (reference: ImageReference): string =>
  `${reference.domain}/${reference.path}`;
