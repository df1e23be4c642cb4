import { type FoundReference, type Outcome, outcomeOf, unresolved } from './found.js';
import {
  isMap,
  isRewritten,
  isScalar,
  isSeq,
  rangeOf,
  textOf,
  type Value,
  type YamlFile,
} from './yaml.js';

const MAX_DEPTH = 60;
/** `image`, `initImage`, `busybox_image`, `imageName`. */
const IMAGE_KEY = /(?:^i|I|[_-]i)mage(?:Name)?$/;

/**
 * The images in the values of a Helm chart: a text under a key that ends in `image`, and each map of an image's parts. The chart's templates decide what becomes of them; an empty tag is the chart's to
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
    if (IMAGE_KEY.test(key) && raw !== '' && mayBeImage(value, raw)) {
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
  const isImage = readParts(value, key, path, file, found);
  for (const { key: inner, value: next } of file.entries(value)) {
    // The texts of an image's parts are no images of their own.
    if (!isImage || isMap(next) || isSeq(next))
      walk(next, inner, at(inner), depth + 1, file, found);
  }
}

/** A switch (`useImage: false`), a number and the path of a picture (`backgroundImage: img/x.png`) are other things under such a key. */
const mayBeImage = (value: Value, raw: string): boolean =>
  isScalar(value) &&
  typeof value.value === 'string' &&
  !/\.(?:png|jpe?g|svg|gif|webp|ico)$/i.test(raw);

/** `https://github.com/x`, `oci://ghcr.io/charts`: where sources and charts are. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * A map of an image's parts: `repository` with `tag` or `digest`; `repository`, `image` and `version`, as NVIDIA's charts have it; `image` and
 * `tag`. Whether it is one.
 */
function readParts(
  value: Value,
  key: string,
  path: string,
  file: YamlFile,
  found: FoundReference[],
): boolean {
  const part = (...names: readonly string[]): Value | undefined =>
    names.map((name) => file.get(value, name)).find((one) => textOf(one) !== undefined);
  const [registry, repository, image] = [part('registry'), part('repository'), part('image')];
  const tag = part('tag', ...(image === undefined ? [] : ['version', 'imageTag']));
  const digest = part('digest', 'sha');
  const hasTag = tag !== undefined || digest !== undefined;
  const isImage =
    repository !== undefined
      ? hasTag || image !== undefined || IMAGE_KEY.test(key)
      : hasTag && image !== undefined;
  if (!isImage || ADDRESS.test(textOf(repository) ?? '')) return false;
  const name = [registry, repository, image]
    .map((one) => textOf(one) ?? '')
    .filter((text) => text !== '')
    .join('/');
  if (textOf(repository ?? image) === '') return true;
  const version = textOf(tag) ?? '';
  const sum = textOf(digest) ?? (/^sha256:/.test(version) ? version : '');
  const shown = sum === version ? '' : version;
  const text = `${name}${shown === '' ? '' : `:${shown}`}${sum === '' ? '' : `@${sum}`}`;
  const parts = [digest, tag, image, repository, registry];
  const choice = parts.find((one) => (textOf(one) ?? '') !== '');
  add(
    choice ?? value,
    text,
    path,
    outcomeOfParts(text, shown, sum, tag),
    parts.filter((one) => one !== undefined && one !== choice),
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
