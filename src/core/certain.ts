import type { Judgement } from './finding.js';

/**
 * Whether a judgement from a manifest and a configuration alone is a failure that nothing in the image's layers can turn: there is no
 * variant for this machine, or the container stack reads the image's own requirements and refuses to start it. Every other "no" of a
 * prediction can be overruled by what the files hold (a compat library, a runtime of another version, code for other GPUs).
 * Source: `platform-mismatch` and `requirement-unmet` in `src/core/rules`.
 * @param allGpus the container gets every GPU of the machine: a requirement that one of them fails refuses it then
 */
export function isCertainFailure({ verdict, findings }: Judgement, allGpus: boolean): boolean {
  if (verdict !== 'fails') return false;
  return findings.some(({ id, severity, data }) => {
    if (severity !== 'error') return false;
    if (id === 'platform-mismatch') return true;
    // Toolkits differ in what they make of an expression that is none.
    return (
      id === 'requirement-unmet' && data.invalid !== true && (allGpus || data.gpus === undefined)
    );
  });
}
