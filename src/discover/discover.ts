import { type DotenvFile, readCompose } from './compose.js';
import { readDevcontainer, withoutComments } from './devcontainer.js';
import { readDockerfile } from './dockerfile.js';
import { type Discovered, type FoundReference, NOTHING } from './found.js';
import { readHelmValues } from './helm.js';
import { type FileKind, isHelmValues, isKustomizationFile } from './kinds.js';
import { isObject, readKubernetes, readKustomization } from './kubernetes.js';
import { readTemplate } from './template.js';
import { readAction, readWorkflow } from './workflow.js';
import { isMap, parseYaml, TooMuch, type YamlFile } from './yaml.js';

export interface SourceFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly kind: FileKind;
  /** The `.env` beside a Compose file, where the repository has one. */
  readonly dotenv?: DotenvFile;
}

/** Units of text; a longer file is a list of something else. */
export const MAX_TEXT = 2 * 1024 * 1024;
/** Words without which no YAML file names an image. */
const NAMES_IMAGES = /image|docker|podman|nerdctl|container/i;

/**
 * The images that a file names, each with its place. What cannot be told from the files alone is in the answer with the reason; a file
 * that cannot be read is a problem with its line. Never throws for what the file holds, linear in its length, pure.
 */
export function discover(file: SourceFile): Discovered {
  const { text, kind } = file;
  if (text.length > MAX_TEXT) {
    return problem(`it has more than ${MAX_TEXT / 1024 / 1024} MiB, and was not read`);
  }
  if (kind === 'dockerfile') return readDockerfile(text);
  if (kind === 'yaml' && !NAMES_IMAGES.test(text)) return NOTHING;
  const yaml = parseYaml(kind === 'devcontainer' ? withoutComments(text) : text);
  // What Helm and other templates make of such a file is not YAML before they have run.
  if (yaml.problems.length > 0 && kind === 'yaml' && /(?<!\$)\{\{|\{%/.test(text)) {
    return readTemplate(text);
  }
  try {
    const references = readYaml(file, yaml);
    // The first error is the one to mend; those after it are often its consequences.
    const [first] = yaml.problems;
    return { references, problems: first === undefined ? [] : [first] };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return problem(error.message);
  }
}

const problem = (why: string): Discovered => ({
  references: [],
  problems: [{ line: 1, column: 1, why }],
});

function readYaml({ path, kind, dotenv }: SourceFile, yaml: YamlFile): readonly FoundReference[] {
  switch (kind) {
    case 'workflow':
      return readWorkflow(yaml);
    case 'action':
      return readAction(yaml);
    case 'devcontainer':
      return readDevcontainer(yaml);
    case 'compose':
      return readCompose(yaml, dotenv);
    default:
      return readByContent(path, yaml, dotenv);
  }
}

function readByContent(
  path: string,
  yaml: YamlFile,
  dotenv: DotenvFile | undefined,
): readonly FoundReference[] {
  if (yaml.documents.some((document) => isObject(document, yaml))) return readKubernetes(yaml);
  if (isKustomizationFile(path)) {
    return yaml.documents.flatMap((document) => readKustomization(document, yaml));
  }
  if (isHelmValues(path)) return readHelmValues(yaml);
  return looksLikeCompose(yaml) ? readCompose(yaml, dotenv) : [];
}

/** A map of services of which one has an image or is built. */
const looksLikeCompose = (yaml: YamlFile): boolean =>
  yaml.documents.some((document) =>
    yaml
      .entries(yaml.get(document, 'services'))
      .some(
        ({ value }) =>
          isMap(value) &&
          (yaml.get(value, 'image') !== undefined || yaml.get(value, 'build') !== undefined),
      ),
  );
