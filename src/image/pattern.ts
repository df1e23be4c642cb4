import { globMatches } from '../core/glob.js';
import { parseReference, repository } from './reference.js';

/**
 * A pattern of image references, `nvcr.io/nvidia/*:25.*-py3`. Repository and tag are globs (`*` within a part between slashes, `**` across
 * them, `?` one character); a digest is written whole. What a pattern leaves out may be anything: without a tag it names every tag of the
 * repository, without a digest every digest.
 */
interface ImagePattern {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

function split(pattern: string): ImagePattern {
  const at = pattern.indexOf('@');
  const named = at === -1 ? pattern : pattern.slice(0, at);
  // A colon after the last slash is a tag, before it a port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return {
    name: (colon === -1 ? named : named.slice(0, colon)).replace(
      /^index\.docker\.io\//,
      'docker.io/',
    ),
    ...(colon === -1 ? {} : { tag: named.slice(colon + 1) }),
    ...(at === -1 ? {} : { digest: pattern.slice(at + 1) }),
  };
}

/** Why no reference can be of the pattern, as a clause, or undefined. */
export function whyNoPattern(pattern: string): string | undefined {
  if (/[*?]/.test(split(pattern).digest ?? '')) return 'a digest is written whole';
  // With a letter in the place of each wildcard it must be a reference.
  const parsed = parseReference(pattern.replace(/\*+|\?/g, 'x'));
  return parsed.ok ? undefined : parsed.why;
}

/**
 * Whether an image is one that the pattern names. Names of Docker Hub match in full (`docker.io/library/ubuntu`) and as people write them
 * (`ubuntu`); a reference without tag and digest has the tag `latest`, as engines read it. A text that is no reference matches as it is. Pure.
 * @param digest that the registry or the engine told, so that a pattern with a digest names the image however it is written
 */
export function matchesPattern(pattern: string, reference: string, digest?: string): boolean {
  const wanted = split(pattern);
  const parsed = parseReference(reference);
  if (!parsed.ok) return globMatches(pattern, reference);
  const image = parsed.reference;
  const tag = image.tag ?? (image.digest === undefined ? 'latest' : undefined);
  return (
    namesOf(repository(image)).some((name) => globMatches(wanted.name, name)) &&
    (wanted.tag === undefined || (tag !== undefined && globMatches(wanted.tag, tag))) &&
    (wanted.digest === undefined || [image.digest, digest].includes(wanted.digest))
  );
}

/** The ways in which people write a repository, the full one first. */
function namesOf(full: string): string[] {
  const path = /^docker\.io\/(.+)$/.exec(full)?.[1];
  if (path === undefined) return [full];
  const official = /^library\/([^/]+)$/.exec(path)?.[1];
  return [full, path, ...(official === undefined ? [] : [official, `docker.io/${official}`])];
}
