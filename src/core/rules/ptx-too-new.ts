import { dataOf } from '../evidence.js';
import { compatHelp, neededDriver, servedCudaData } from '../fixes.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';
import { parsePtxIsa } from '../version.js';
import { codeHit, codeOrFiles } from './no-kernel-for-gpu.js';

/**
 * Only PTX fits the GPU, and its ISA version, which the toolkit that made it sets, is newer than the driver compiles: error 222.
 * Minor-version compatibility does not cover PTX.
 * Sources: PTX ISA release history (ISA per CUDA version and driver),
 * https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 */
export const ptxTooNew = defineRule({
  id: 'ptx-too-new',
  severity: 'error',
  checks: 'PTX against the driver',
  needs: (situation) => ({
    code: codeOrFiles(situation),
    gpus: gpusWithCapability(situation),
    served: situation.servedCuda(),
  }),
  test: ({ served }, situation) => {
    const hit = codeHit(situation, 'ptx-too-new');
    if (hit === undefined || hit.warning === true) return hit;
    const first = situation.coverages().find((one) => one.coverage.kind === 'ptx-too-new');
    if (first?.coverage.kind !== 'ptx-too-new') return hit;
    const { set, coverage } = first;
    return {
      ...hit,
      details: () => {
        const { cuda, tables } = situation;
        const { data, evidence } = hit.details();
        const limit = tables.ptxIsaOf(served.version);
        const row = rowOfIsa(coverage.isa, tables.knowledge.ptx.rows);
        return {
          data: dataOf(
            data,
            { ptxIsa: coverage.isa, targets: coverage.targets, driverPtxIsa: limit?.raw },
            row === undefined ? {} : neededDriver(situation, String(row.branch)),
            // Minor-version compatibility does not cover PTX: only full function counts.
            { newestCuda: servedCudaData(situation).newestCudaFull },
            cuda.known ? compatHelp(situation, cuda.value) : {},
          ),
          evidence: [
            ...evidence,
            { what: 'PTX ISA in the image', value: coverage.isa, from: set.from },
            ...(limit === undefined
              ? []
              : [{ what: 'newest PTX ISA of the driver', value: limit.raw, from: served.from }]),
          ],
        };
      },
    };
  },
});

/** The first CUDA version, and with it the driver branch, that reads this PTX ISA. */
function rowOfIsa(isa: string, rows: readonly { isa: string; branch: number }[]) {
  const wanted = parsePtxIsa(isa);
  return rows.find((row) => {
    const one = parsePtxIsa(row.isa);
    return (
      one !== undefined &&
      wanted !== undefined &&
      one.major === wanted.major &&
      one.minor === wanted.minor
    );
  });
}
