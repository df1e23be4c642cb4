import type { Files } from '../platform/ports.js';

/** The probe's file name in the container, at `/`. */
export const PROBE_NAME = 'cuda-image-probe';

const SUMS = 'SHA256SUMS';
const FILES: Readonly<Record<string, string>> = {
  'linux/amd64': 'cuda-image-probe-linux-x64',
  'linux/arm64': 'cuda-image-probe-linux-arm64',
};

/** The probe's programs by image platform, checked against their sums. */
export type ProbePrograms = Readonly<Record<string, Uint8Array>>;

export type LoadedPrograms =
  | { readonly ok: true; readonly programs: ProbePrograms }
  | { readonly ok: false; readonly file: string; readonly why: string };

/**
 * Reads the probe's programs from `folder` and compares each with `SHA256SUMS` there: a program that was changed on the way
 * must not run next to somebody's GPU and be believed.
 */
export async function loadPrograms(files: Files, folder: string): Promise<LoadedPrograms> {
  const sums = await files.readText(`${folder}/${SUMS}`);
  if (sums === undefined) return { ok: false, file: SUMS, why: 'it is missing' };
  // Loaded only here: it is a tenth of the start time of a command that needs no program.
  const { createHash } = await import('node:crypto');
  const programs: Record<string, Uint8Array> = {};
  for (const [platform, file] of Object.entries(FILES)) {
    const bytes = await files.readBytes(`${folder}/${file}`);
    if (bytes === undefined) return { ok: false, file, why: 'it is missing' };
    const sum = createHash('sha256').update(bytes).digest('hex');
    if (!sums.split('\n').some((line) => line === `${sum}  ${file}`)) {
      return { ok: false, file, why: `its checksum ${sum} is not the one in ${SUMS}` };
    }
    programs[platform] = bytes;
  }
  return { ok: true, programs };
}
