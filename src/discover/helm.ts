import { type FoundReference, type Outcome, outcomeOf, unresolved } from './found.js';
import { isMap, isRewritten, isSeq, rangeOf, textOf, type Value, type YamlFile } from './yaml.js';

const MAX_DEPTH = 60;
/** `image`, `initImage`, `busybox_image`. */
const IMAGE_KEY = /(?:^i|I|[_-]i)mage$/;

/**
 * The images in the values of a Helm chart: a text under a key that ends in `image`, and each map with a `repository` and what charts
 * commonly put beside it (`registry`, `tag`, `digest`). The chart's templates decide what becomes of them; an empty tag is the chart's to
 * fill in.
 * https://helm.sh/docs/chart_best_practices/values/
 * @throws TooMuch
 */
export function readHelmValues(file: YamlFile): readonly FoundReference[] {
  const found: FoundReference[] = [];
  for (const document of file.documents) walk(document, '', '', 0, file, found);
  return found;
}

function walk(
  value: Value | undefined,
  key: string,
  path: string,
  depth: number,
  file: YamlFile,
  found: FoundReference[],
): void {
  if (value === undefined || depth > MAX_DEPTH) return;
  const at = (inner: string) => (path === '' ? inner : `${path}.${inner}`);
  const raw = textOf(value);
  if (raw !== undefined) {
    if (IMAGE_KEY.test(key) && raw !== '') {
      add(value, raw, path, outcomeOf(raw), [], file, found);
    }
    return;
  }
  if (isSeq(value)) {
    for (const [index, item] of file.items(value).entries()) {
      walk(item, key.replace(/s$/, ''), at(`#${index}`), depth + 1, file, found);
    }
    return;
  }
  if (isMap(value) && readParts(value, key, path, file, found)) return;
  for (const { key: inner, value: next } of file.entries(value)) {
    walk(next, inner, at(inner), depth + 1, file, found);
  }
}

/** A map of an image's parts. Whether it is one. */
function readParts(
  value: Value,
  key: string,
  path: string,
  file: YamlFile,
  found: FoundReference[],
): boolean {
  const repository = file.get(value, 'repository') ?? file.get(value, 'name');
  const parts = {
    registry: file.get(value, 'registry'),
    repository,
    tag: file.get(value, 'tag'),
    digest: file.get(value, 'digest') ?? file.get(value, 'sha'),
  };
  const name = textOf(repository);
  const isImage =
    IMAGE_KEY.test(key) ||
    file.entries(value).some((entry) => ['tag', 'digest'].includes(entry.key));
  if (!isImage || name === undefined || file.get(value, 'repository') === undefined) return false;
  if (name === '') return true;
  const registry = textOf(parts.registry) ?? '';
  const tag = textOf(parts.tag) ?? '';
  const digest = textOf(parts.digest) ?? '';
  const text = `${registry === '' ? '' : `${registry}/`}${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  const choice = [parts.digest, parts.tag, parts.repository].find(
    (one) => (textOf(one) ?? '') !== '',
  );
  add(
    choice ?? value,
    text,
    path,
    outcomeOfParts(text, tag, digest, parts.tag),
    Object.values(parts).filter((one) => one !== undefined && one !== choice),
    file,
    found,
  );
  return true;
}

function outcomeOfParts(
  text: string,
  tag: string,
  digest: string,
  tagValue: Value | undefined,
): Outcome {
  if (tag === '' && digest === '') {
    return unresolved('it has no tag here: the chart fills one in, most often its appVersion');
  }
  if (isRewritten(tagValue)) {
    return unresolved(
      `its tag ${tag} is a number in YAML, which is not kept as written; put it in quotes`,
    );
  }
  return outcomeOf(text);
}

function add(
  place: Value,
  raw: string,
  path: string,
  outcome: Outcome,
  others: readonly (Value | undefined)[],
  file: YamlFile,
  found: FoundReference[],
): void {
  found.push({
    kind: 'helm',
    path,
    raw,
    range: rangeOf(place, file),
    origins: others.flatMap((value) =>
      value === undefined ? [] : [{ range: rangeOf(value, file), text: textOf(value) ?? '' }],
    ),
    outcome,
  });
}
