import { parseDotenv } from './dotenv.js';
import { expand, type Variable } from './expand.js';
import { type FoundReference, outcomeOf, unresolved } from './found.js';
import { rangeOf, textOf, type Value, type YamlFile } from './yaml.js';

/** The `.env` beside a Compose file. */
export interface DotenvFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The images of a Compose file's services, and the images that its services' volumes come from. Variables have the values of `.env` or of
 * their own fallback: what the shell of whoever starts Compose sets instead, nobody knows. A service that is built has its image in its
 * Dockerfile; the name for the result is no image that is pulled.
 * https://docs.docker.com/reference/compose-file/services/
 * @throws TooMuch
 */
export function readCompose(file: YamlFile, dotenv?: DotenvFile): readonly FoundReference[] {
  const variables = dotenv === undefined ? undefined : parseDotenv(dotenv.text, dotenv.path);
  const lookUp = (name: string): Variable =>
    variables?.get(name) ?? {
      unset: `${name} has no fallback and no line in ${dotenv?.path ?? 'a .env file that is in the repository'}`,
    };
  const found: FoundReference[] = [];
  for (const document of file.documents) {
    for (const { key, value: service } of file.entries(file.get(document, 'services'))) {
      const image = file.get(service, 'image');
      if (file.get(service, 'build') === undefined) {
        add(image, `services.${key}.image`);
      }
      for (const [at, volume] of file.items(file.get(service, 'volumes')).entries()) {
        if (textOf(file.get(volume, 'type')) === 'image') {
          add(file.get(volume, 'source'), `services.${key}.volumes.#${at}`);
        }
      }
    }
  }
  return found;

  function add(value: Value | undefined, path: string): void {
    const raw = textOf(value);
    if (value === undefined || raw === undefined) return;
    const expanded = expand(raw, { literal: '$$', variable: lookUp });
    found.push({
      kind: 'compose',
      path,
      raw,
      range: rangeOf(value, file),
      origins: expanded.ok ? expanded.origins : [],
      outcome: expanded.ok ? outcomeOf(expanded.text) : unresolved(expanded.why),
    });
  }
}
