import type { Place } from './contract/yaml-file.js';
import type { Waiver } from './core/waiver.js';
import type { InputMistake } from './inputs.js';
import type { Clock, Files } from './platform/ports.js';
import type { ImageReport, Report } from './report/report.js';

/** Where a repository keeps its waivers. */
export const WAIVERS_FILE = '.github/gpu-waivers.yml';

/** The value of `waivers` for none, also where the file is there. */
export const NO_WAIVERS = 'none';

/** The waivers of a run, and the day on which they are judged. */
export interface WaiverFile {
  readonly path: string;
  readonly waivers: readonly (Waiver & Place)[];
  /** In UTC: `2026-11-29`. */
  readonly today: string;
}

export type ReadWaivers =
  | { readonly ok: true; readonly file?: WaiverFile }
  | { readonly ok: false; readonly mistakes: readonly InputMistake[] };

/**
 * Reads the waivers that are asked for, or those of `WAIVERS_FILE` where it is there.
 * @param given the input: a path, `none`, or empty
 */
export async function readWaivers(
  given: string,
  { files, clock }: { readonly files: Pick<Files, 'readText'>; readonly clock: Pick<Clock, 'now'> },
): Promise<ReadWaivers> {
  if (given === NO_WAIVERS) return { ok: true };
  const path = given === '' ? WAIVERS_FILE : given;
  const text = await files.readText(path);
  const mistake = (why: string, fix: string): InputMistake => ({
    input: 'waivers',
    value: path,
    why,
    allowed: `a waiver file, see docs/waivers.md, or ${NO_WAIVERS}`,
    fix,
  });
  if (text === undefined) {
    return given === ''
      ? { ok: true }
      : {
          ok: false,
          mistakes: [
            mistake(
              'the file does not exist or cannot be read',
              'check the path; an action reads it from the checkout, which must come first',
            ),
          ],
        };
  }
  const { parseWaiverFile } = await import(/* webpackIgnore: true */ './work.js');
  const parsed = parseWaiverFile(text, path);
  if (!parsed.ok) {
    return { ok: false, mistakes: parsed.problems.map((line) => mistake(line, 'mend the line')) };
  }
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  return { ok: true, file: { path, waivers: parsed.waivers, today } };
}

/** Judged images held against the waivers, as a part of the report. */
export async function withWaivers(
  images: readonly ImageReport[],
  file: WaiverFile | undefined,
): Promise<Pick<Report, 'images' | 'waivers'>> {
  if (file === undefined) return { images: [...images] };
  const { waive } = await import(/* webpackIgnore: true */ './work.js');
  return waive(images, file);
}
