import type { Facts, ProbeFacts } from './facts.js';

/** The container was started without GPUs, to read the image's files. */
export const isScan = (probe: ProbeFacts | undefined): boolean => probe?.requestedGpus === 0;

/**
 * The facts of a run as the rules may see them. What a scan's probe says of driver, GPUs and CUDA is what every container without
 * GPUs says, and that the container started proves nothing about one with GPUs: only its environment, its C library and an end
 * from outside are left.
 */
export function withoutScannedGpus(facts: Facts): Facts {
  const { probe } = facts;
  if (probe === undefined || !isScan(probe)) return facts;
  const { env, libc, user, unreadable, timedOut, lastStep, killedBy, outOfMemory } = probe;
  const kept = { env, libc, user, unreadable, timedOut, lastStep, killedBy, outOfMemory };
  const known = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...facts, probe: Object.fromEntries(known) as ProbeFacts };
}
