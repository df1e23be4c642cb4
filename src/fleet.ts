import type { HostFacts } from './core/facts.js';
import { type Difference, differences, profileOf, type RunnerProfile } from './core/profile.js';
import type { ContainerEngine } from './engine/engine.js';
import { gatherHost } from './host/gather.js';
import type { Files, Shell } from './platform/ports.js';

/** `FILE` or `FILE:NAME`, where a name has no slash: a path may have colons of its own. */
export function splitPlace(text: string, otherwise: string): { file: string; name: string } {
  const [, file = text, name = otherwise] = /^(.+):([\w][\w.-]{0,62})$/.exec(text) ?? [];
  return { file, name };
}

/** The name of this kind of runner, where nobody gave one: a profile's name is for people. */
export function ownName(env: Readonly<Record<string, string | undefined>>): string {
  const name = (env['RUNNER_NAME'] ?? '').replace(/[^\w.-]+/g, '-').replace(/^[^\w]+/, '');
  return name.slice(0, 63) || 'this-runner';
}

/**
 * Records this machine in a fleet file: its profile is added or brought up to date, everything else in the file stays.
 * @returns problems, a line each; none when it was written
 */
export async function recordProfile(
  place: { readonly file: string; readonly name: string },
  host: HostFacts | undefined,
  files: Pick<Files, 'readText' | 'writeText'>,
): Promise<string[]> {
  const profile = host && profileOf(place.name, host);
  if (profile?.driver === undefined) {
    return [`${place.file}: nothing was written, as this machine tells no driver version`];
  }
  const { gpuProblem, parseFleet, withProfile } = await import(
    /* webpackIgnore: true */ './work.js'
  );
  const text = await files.readText(place.file);
  if (text !== undefined && text.trim() !== '') {
    const parsed = parseFleet(text, place.file, gpuProblem);
    if (!parsed.ok) return [...parsed.problems];
  }
  await files.writeText(place.file, withProfile(text, profile));
  return [];
}

/** In what this machine is not what its profile says, and a machine without a driver is in everything. */
export async function compareProfile(
  recorded: RunnerProfile,
  sources: {
    readonly shell: Shell;
    readonly files: Files;
    readonly engine: ContainerEngine;
    readonly signal: AbortSignal;
  },
): Promise<{ differences: Difference[]; seen: RunnerProfile }> {
  const { facts } = await gatherHost(sources);
  const seen = profileOf(recorded.name, facts);
  const missing =
    seen.driver === undefined && recorded.driver !== undefined
      ? [{ what: 'driver', recorded: recorded.driver, now: 'none was found on this machine' }]
      : [];
  return { seen, differences: [...missing, ...differences(recorded, seen)] };
}
