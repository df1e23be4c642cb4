import { run } from '../process.js';
import type { Called } from './engine.js';
import { mountsInside, type Namespace } from './namespace.js';

/** A check ends by itself long before, on a busy machine too. */
const LIMIT_MS = 240_000;

export const call = async (
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Called> => {
  const [program = '', ...args] = words;
  const ended = await run(program, args, { env, timeoutMs: LIMIT_MS });
  return { code: ended.code ?? 128, log: ended.stdout + ended.stderr };
};

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/**
 * Looks for what an engine has beside its mounts of now: containers, volumes and further mounts, in words.
 * @param engine runs the engine's own client
 */
export const leftSince = async ({
  namespace,
  storage,
  engine,
}: {
  namespace: Namespace;
  storage: string;
  engine: (...args: string[]) => Promise<string>;
}): Promise<() => Promise<string[]>> => {
  const before = new Set(await mountsInside(namespace, storage));
  return async () => [
    ...linesOf(await engine('ps', '--all', '--format', 'container {{.Names}} {{.Status}}')),
    ...linesOf(await engine('volume', 'ls', '--format', 'volume {{.Name}}')),
    ...(await mountsInside(namespace, storage))
      .filter((point) => !before.has(point))
      .map((point) => `mount ${point}`),
  ];
};

const OWN_RUN =
  'mount -t tmpfs tmpfs /run && mkdir /run/cdi && { [ -z "$(ls -A "$CDI")" ] || cp "$CDI"/* /run/cdi/; } && exec "$@"';

/** The command line in a mount namespace whose /var/run/cdi holds what the engine's /etc/cdi holds, as on one machine. */
export const seeingCdi = (cdi: string, words: readonly string[]): string[] => [
  ...['unshare', '--mount', '--propagation', 'private', '--'],
  ...['env', `CDI=${cdi}`, 'sh', '-euc', OWN_RUN, 'sh'],
  ...words,
];
