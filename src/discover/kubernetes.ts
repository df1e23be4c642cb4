import { type FoundReference, outcomeOf, unresolved } from './found.js';
import { isMap, isRewritten, isSeq, rangeOf, textOf, type Value, type YamlFile } from './yaml.js';

/**
 * Lists of containers in objects of Kubernetes and of what is built on it: pods and everything with a pod template, Tekton (`steps`,
 * `sidecars`), Argo (`containerSet`), image volumes (`volumes`).
 * https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#podspec-v1-core
 */
const LISTS: ReadonlySet<string> = new Set([
  'containers',
  'initContainers',
  'ephemeralContainers',
  'sidecars',
  'steps',
  'volumes',
]);
/** Single containers: Argo's templates, Tekton's step template, KServe's model. */
const SINGLE: ReadonlySet<string> = new Set(['container', 'script', 'stepTemplate', 'model']);

/** Levels of an object that are looked at. */
const MAX_DEPTH = 60;

/** Whether a document is an object of Kubernetes: `apiVersion` and `kind`. */
export const isObject = (document: Value, file: YamlFile): boolean =>
  textOf(file.get(document, 'apiVersion')) !== undefined &&
  textOf(file.get(document, 'kind')) !== undefined;

/**
 * The images of the containers in Kubernetes objects of any kind, and those that a kustomization puts in the place of others.
 * @throws TooMuch
 */
export function readKubernetes(file: YamlFile): readonly FoundReference[] {
  return file.documents.flatMap((document, at) => {
    if (isKustomization(document, file)) return readKustomization(document, file);
    if (!isObject(document, file)) return [];
    const kind = textOf(file.get(document, 'kind')) ?? '';
    const name = textOf(file.get(document, 'metadata', 'name')) ?? `#${at}`;
    const found: FoundReference[] = [];
    walk(document, `${kind}/${name}`, 0, file, found);
    return found;
  });
}

function walk(
  value: Value | undefined,
  path: string,
  depth: number,
  file: YamlFile,
  found: FoundReference[],
): void {
  if (depth > MAX_DEPTH) return;
  if (isSeq(value)) {
    for (const [at, item] of file.items(value).entries()) {
      const name = textOf(file.get(item, 'name')) ?? textOf(file.get(item, 'metadata', 'name'));
      walk(item, `${path}.${name ?? `#${at}`}`, depth + 1, file, found);
    }
    return;
  }
  for (const { key, value: inner } of file.entries(value)) {
    if (LISTS.has(key)) {
      for (const [at, item] of file.items(inner).entries()) {
        addImage(item, `${path}.${key}.${textOf(file.get(item, 'name')) ?? `#${at}`}`, file, found);
      }
    } else if (SINGLE.has(key)) addImage(inner, `${path}.${key}`, file, found);
    walk(inner, `${path}.${key}`, depth + 1, file, found);
  }
}

function addImage(
  container: Value | undefined,
  path: string,
  file: YamlFile,
  found: FoundReference[],
): void {
  const image = file.get(container, 'image');
  const scalar = isMap(image) ? file.get(image, 'reference') : image;
  const raw = textOf(scalar);
  if (scalar === undefined || raw === undefined) return;
  found.push({
    kind: 'kubernetes',
    path,
    raw,
    range: rangeOf(scalar, file),
    origins: [],
    outcome: outcomeOf(raw),
  });
}

const isKustomization = (document: Value, file: YamlFile): boolean =>
  ['Kustomization', 'Component'].includes(textOf(file.get(document, 'kind')) ?? '') &&
  (textOf(file.get(document, 'apiVersion')) ?? '').startsWith('kustomize.');

/**
 * `images:` of a kustomization: each entry that says where a name leads. An entry that only has a new tag leads to that tag of the name.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export function readKustomization(document: Value, file: YamlFile): readonly FoundReference[] {
  return file.items(file.get(document, 'images')).flatMap((entry, at) => {
    const name = textOf(file.get(entry, 'name'));
    const newName = file.get(entry, 'newName');
    const newTag = file.get(entry, 'newTag');
    const digest = file.get(entry, 'digest');
    // What chose the image is the most specific of them.
    const choice = [digest, newTag, newName].find((value) => textOf(value) !== undefined);
    const repository = textOf(newName) ?? name;
    if (choice === undefined || repository === undefined) return [];
    const tag = textOf(newTag);
    const sum = textOf(digest);
    const text = `${repository}${sum !== undefined ? `@${sum}` : tag !== undefined ? `:${tag}` : ''}`;
    return [
      {
        kind: 'kustomize' as const,
        path: `images.${name ?? `#${at}`}`,
        raw: text,
        range: rangeOf(choice, file),
        origins: [newName, newTag, digest].flatMap((value) =>
          value === undefined || value === choice
            ? []
            : [{ range: rangeOf(value, file), text: textOf(value) ?? '' }],
        ),
        outcome: isRewritten(newTag)
          ? unresolved(
              `its tag ${tag} is a number in YAML, which is not kept as written; put it in quotes`,
            )
          : outcomeOf(text),
      },
    ];
  });
}
