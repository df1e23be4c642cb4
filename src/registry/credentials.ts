import type { Files, Shell } from '../platform/ports.js';

/** What a login left for a registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  /** A refresh token, which a token server takes instead of a password. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token that the registry takes as it is. */
  | { readonly kind: 'registry'; readonly token: string };

export interface FoundLogin {
  readonly credentials?: Credentials;
  /** Why a login that seems to be there could not be used. */
  readonly problem?: string;
}

export interface CredentialPorts {
  readonly shell: Shell;
  readonly files: Files;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** A helper may ask a cloud for a fresh token. */
const HELPER_MS = 20_000;
const HELPER_NAME = /^[\w.-]{1,100}$/;
/** Docker's own name for the login of Docker Hub. */
const DOCKER_HUB = 'https://index.docker.io/v1/';
const DOCKER_HUB_NAMES = [DOCKER_HUB, 'index.docker.io', 'docker.io', 'registry-1.docker.io'];

export type FindLogin = (domain: string, path: string) => Promise<FoundLogin>;

/** `findLogin` that reads each file and asks each helper once, for as long as a run lasts. */
export function createLogins(ports: CredentialPorts): FindLogin {
  const files = new Map<string, Promise<string | undefined>>();
  const answers = new Map<string, ReturnType<Shell['run']>>();
  const kept: CredentialPorts = {
    ...ports,
    files: {
      ...ports.files,
      readText: (path) => remembered(files, path, () => ports.files.readText(path)),
    },
    shell: {
      ...ports.shell,
      run: (program, args, options) =>
        remembered(answers, `${program} ${options?.input}`, () =>
          ports.shell.run(program, args, options),
        ),
    },
  };
  return (domain, path) => findLogin(domain, path, kept);
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

/**
 * The login for a registry as Docker finds it (`credHelpers`, else `credsStore`, else `auths`), then as Podman does
 * (`auth.json`, the most specific repository first). A file that cannot be read and a helper that fails count as no login, as they do
 * for the engines; the answer says what happened.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 * @param domain as in `ImageReference`
 * @param path of the repository, which Podman's logins can be for
 */
export async function findLogin(
  domain: string,
  path: string,
  ports: CredentialPorts,
): Promise<FoundLogin> {
  let problem: string | undefined;
  for (const { file, byRepository } of configFiles(ports.env)) {
    const text = await ports.files.readText(file);
    if (text === undefined) continue;
    const config = jsonObject(text);
    if (config === undefined) {
      problem ??= `${file} is not JSON`;
      continue;
    }
    const keys = [...(byRepository ? repositories(domain, path) : []), ...registryNames(domain)];
    const found = await loginIn(config, keys, ports);
    if (found.credentials !== undefined) return found;
    problem ??= found.problem;
  }
  return problem === undefined ? {} : { problem };
}

function configFiles(env: CredentialPorts['env']): { file: string; byRepository: boolean }[] {
  const { HOME: home = '', DOCKER_CONFIG: docker } = given(env);
  const { REGISTRY_AUTH_FILE: named, XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: xdg } = given(env);
  const folder = docker ?? (home && `${home}/.docker`);
  const config = xdg ?? (home && `${home}/.config`);
  return [
    ...(folder ? [{ file: `${folder}/config.json`, byRepository: false }] : []),
    ...(named ? [{ file: named, byRepository: true }] : []),
    ...(runtime ? [{ file: `${runtime}/containers/auth.json`, byRepository: true }] : []),
    ...(config ? [{ file: `${config}/containers/auth.json`, byRepository: true }] : []),
  ];
}

type Given = Readonly<
  Partial<
    Record<
      'HOME' | 'DOCKER_CONFIG' | 'REGISTRY_AUTH_FILE' | 'XDG_RUNTIME_DIR' | 'XDG_CONFIG_HOME',
      string
    >
  >
>;

const given = (env: CredentialPorts['env']): Given =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')) as Given;

/** `ghcr.io/a/b`, then `ghcr.io/a`. */
function repositories(domain: string, path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, dropped) => [domain, ...parts.slice(0, parts.length - dropped)].join('/'));
}

const registryNames = (domain: string): string[] =>
  domain === 'docker.io' ? DOCKER_HUB_NAMES : [domain];

async function loginIn(
  config: Record<string, unknown>,
  keys: readonly string[],
  ports: CredentialPorts,
): Promise<FoundLogin> {
  const helpers = jsonRecord(config['credHelpers']);
  for (const key of keys) {
    const helper = (Object.hasOwn(helpers, key) ? helpers[key] : undefined) ?? config['credsStore'];
    if (typeof helper !== 'string' || helper === '') continue;
    const found = await askHelper(helper, key, ports);
    // A store has one name for Docker Hub, which comes first.
    if (found.credentials !== undefined || found.problem !== undefined) return found;
  }
  if (typeof config['credsStore'] === 'string' && config['credsStore'] !== '') return {};
  const auths = jsonRecord(config['auths']);
  const names = Object.keys(auths);
  for (const key of keys) {
    if (Object.hasOwn(helpers, key)) continue;
    const name = Object.hasOwn(auths, key) ? key : names.find((one) => hostOf(one) === key);
    const credentials = name === undefined ? undefined : storedLogin(jsonRecord(auths[name]));
    if (credentials !== undefined) return { credentials };
  }
  return {};
}

/** Old logins are kept under an address: `https://registry.example/v1/`. */
const hostOf = (name: string): string =>
  name.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');

/** https://github.com/docker/docker-credential-helpers#development */
async function askHelper(
  helper: string,
  server: string,
  { shell, signal }: CredentialPorts,
): Promise<FoundLogin> {
  const program = `docker-credential-${helper}`;
  const failed = (why: string): FoundLogin => ({
    problem: `error getting credentials - err: ${program}: ${why}`,
  });
  if (!HELPER_NAME.test(helper)) return { problem: 'the name of a credential helper is none' };
  const outcome = await shell.run(program, ['get'], {
    input: Buffer.from(server),
    timeoutMs: HELPER_MS,
    signal,
  });
  if (outcome.kind === 'not-found') return failed('executable file not found in $PATH');
  if (outcome.kind !== 'exited') return failed(outcome.kind);
  if (outcome.code !== 0) {
    // Its words are not passed on: nobody knows what a helper prints.
    return /credentials not found|not found in native keychain/i.test(
      outcome.stdout + outcome.stderr,
    )
      ? {}
      : failed(`exit code ${outcome.code}`);
  }
  const { Username: user, Secret: secret } = jsonObject(outcome.stdout) ?? {};
  if (typeof user !== 'string' || typeof secret !== 'string')
    return failed('no credentials in its answer');
  if (secret === '') return {};
  return {
    credentials:
      user === '<token>'
        ? { kind: 'identity', token: secret }
        : { kind: 'password', user, password: secret },
  };
}

function storedLogin(entry: Record<string, unknown>): Credentials | undefined {
  const { auth, username, password, identitytoken, registrytoken } = entry;
  if (typeof registrytoken === 'string' && registrytoken !== '') {
    return { kind: 'registry', token: registrytoken };
  }
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { kind: 'identity', token: identitytoken };
  }
  if (typeof auth === 'string' && auth !== '') {
    const text = Buffer.from(auth, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon > 0) {
      // Docker pads some passwords with zero bytes.
      const secret = text.slice(colon + 1).replace(/\0+$/, '');
      return { kind: 'password', user: text.slice(0, colon), password: secret };
    }
  }
  return typeof username === 'string' && typeof password === 'string' && username !== ''
    ? { kind: 'password', user: username, password }
    : undefined;
}

/** A credential as the header value `Basic …`. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const jsonRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
