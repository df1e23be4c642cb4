import { changeHeadline, isChangeReport } from './changes.js';
import { worstFirst } from './headline.js';
import { driverVersion, imageCuda } from './readings.js';
import type { Report } from './report.js';
import { outputLine } from './untrusted.js';

/**
 * The action's outputs. With several images `verdict` and `primary` are those of the worst one; `digest` and `cuda-version` have a line
 * for each image in the order of the report, empty where it is not known. What is not known is empty.
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
    values.map((value) => outputLine(value ?? '')).join('\n');
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
