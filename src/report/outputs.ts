import { changeHeadline, isChangeReport } from './changes.js';
import { worstFirst } from './headline.js';
import { driverVersion, imageCuda } from './readings.js';
import type { Report } from './report.js';
import { outputLine } from './untrusted.js';

/**
 * The action's outputs. With several images `verdict` and `primary` are those of the worst one; `digest` and `cuda-version` have a line
 * for each image in the order of the report, empty where it is not known; past what GitHub takes they are empty. What is not known is empty.
 * - `verdict`: `works`, `fails` or `unknown`, whatever is waived; of changed images `works` where nothing got worse
 * - `passed`: `true` or `false`, by `fail-on` and the waivers
 * - `primary`: id of the leading finding
 * - `report`: path of the report's JSON
 * - `digest`: `sha256:…`
 * - `driver-version`: of the runner, as printed by its source
 * - `cuda-version`: the image's CUDA version
 */
export function outputs(report: Report, reportPath: string): Record<string, string> {
  const worst = worstFirst(report.images)[0];
  const facts = report.images.map((image) => image.facts);
  const perImage = (values: readonly (string | undefined)[]): string =>
    whole(values.map((value) => outputLine(value ?? '')));
  return {
    verdict: isChangeReport(report)
      ? changeHeadline(report).verdict
      : (worst?.verdict ?? 'unknown'),
    passed: `${report.passed}`,
    primary: worst?.primary ?? '',
    report: reportPath,
    digest: perImage(report.images.map(({ digest }) => digest)),
    'driver-version': outputLine(
      facts.map(driverVersion).find((version) => version !== undefined) ?? '',
    ),
    'cuda-version': perImage(facts.map(imageCuda)),
  };
}

/** GitHub takes 1 MB for one output; this is for fleets of thousands of pairs, of which the report tells. */
const MAX_CHARACTERS = 500_000;

/** The lines, or nothing: half of a list would be taken for the whole. */
function whole(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.length <= MAX_CHARACTERS ? text : '';
}
