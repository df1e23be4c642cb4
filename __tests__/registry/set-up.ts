import { type ImageReference, parseReference } from '../../src/image/reference.js';
import type { HttpLimits } from '../../src/registry/http.js';
import { createRegistryReader, type RegistryAnswer } from '../../src/registry/reader.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeFiles, type FakeFiles } from '../fakes/files.js';
import { createFakeShell, type FakeProgram } from '../fakes/shell.js';

export const reference = (text: string): ImageReference => {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.reference;
};

const LIMITS: HttpLimits = {
  requestMs: 2_000,
  redirects: 5,
  waitsMs: [500, 2_000],
  longestWaitMs: 15_000,
};

/** A reader with the real `fetch`, and everything else in memory. */
export function setUp(
  options: {
    files?: FakeFiles;
    env?: Record<string, string>;
    programs?: Record<string, FakeProgram>;
    limits?: Partial<HttpLimits>;
    fetch?: typeof fetch;
    signal?: AbortSignal;
  } = {},
) {
  const clock = createFakeClock();
  const files = options.files ?? createFakeFiles();
  const shell = createFakeShell(options.programs ?? {});
  const lines: string[] = [];
  const reader = createRegistryReader(
    {
      fetch: options.fetch ?? fetch,
      clock,
      files,
      shell,
      env: { HOME: '/home/u', ...options.env },
      progress: (line) => lines.push(line),
      signal: options.signal ?? new AbortController().signal,
    },
    { ...LIMITS, ...options.limits },
  );
  const read = async (text: string, platform?: string): Promise<RegistryAnswer> => {
    const answer = await reader.read(reference(text), platform);
    await reader.settled();
    return answer;
  };
  return { reader, read, clock, files, shell, lines };
}

/** A login in Docker's own file. */
export const dockerLogin = (address: string, user: string, password: string): string =>
  JSON.stringify({
    auths: { [address]: { auth: Buffer.from(`${user}:${password}`).toString('base64') } },
  });
