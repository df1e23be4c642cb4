/** How a file is read. `yaml` is decided by what the file holds. */
export type FileKind = 'dockerfile' | 'workflow' | 'action' | 'compose' | 'devcontainer' | 'yaml';

const DOCKERFILE =
  /^(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?$|[._-](?:Dockerfile|Containerfile)$/i;
const NOT_A_DOCKERFILE = /\.(?:dockerignore|md|txt|sh|py|json|ya?ml|go|ts|js|rb)$/i;
const COMPOSE = /^(?:docker-|podman-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;
const YAML = /\.ya?ml$/i;

/** Folders of what others wrote: whose images those are is not this repository's choice. */
const FOREIGN = /(?:^|\/)(?:vendor|node_modules)\//;

/** How a file of this path may name images; undefined when it is not looked at. Pure. */
export function kindOf(path: string): FileKind | undefined {
  if (FOREIGN.test(path)) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (DOCKERFILE.test(name) && !NOT_A_DOCKERFILE.test(name)) return 'dockerfile';
  if (/^\.?devcontainer\.json$/.test(name)) return 'devcontainer';
  if (!YAML.test(name)) return undefined;
  if (/(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+$/.test(path)) return 'workflow';
  if (/^action\.ya?ml$/.test(name)) return 'action';
  return COMPOSE.test(name) ? 'compose' : 'yaml';
}

/** `values.yaml`, `values-prod.yaml`, `gpu.values.yml`. */
export const isHelmValues = (path: string): boolean =>
  /(?:^|[/._-])values(?:[._-][\w.-]+)?\.ya?ml$/i.test(path);

/** `kustomization.yaml`, which may leave out `apiVersion` and `kind`. */
export const isKustomizationFile = (path: string): boolean =>
  /(?:^|\/)kustomization\.ya?ml$/i.test(path);
