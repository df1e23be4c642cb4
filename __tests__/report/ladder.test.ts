import { describe, expect, it } from '@jest/globals';
import { decides, rungs } from '../../src/report/ladder.js';
import { driverTooOld, EXAMPLES } from './examples.js';

describe('the ladder of versions', () => {
  it('has what the image needs, what the runner has and what would do', () => {
    expect(rungs(driverTooOld())).toEqual([
      {
        name: 'Image needs',
        driver: '≥ 580.65.06',
        driverFull: '≥ 580.82.07',
        cuda: '13.0.1',
        cudaFull: '',
      },
      {
        name: 'Runner has',
        driver: '535.104.05',
        driverFull: '',
        cuda: '≤ 12.9',
        cudaFull: '≤ 12.2',
      },
      {
        name: 'Either would do',
        driver: '≥ 580.65.06',
        driverFull: '',
        cuda: '≤ 12.9',
        cudaFull: '',
      },
    ]);
  });

  it('proposes nothing where the versions are not the cause', () => {
    const works = { ...driverTooOld(), verdict: 'works' as const, primary: null, findings: [] };
    expect(rungs(works).map(({ name }) => name)).toEqual(['Image needs', 'Runner has']);
    expect(decides(works)).toBe(false);
  });

  it('says that no driver will do', () => {
    const image = driverTooOld();
    const { needsDriver: _, needsDriverMinor: __, ...versions } = image.versions ?? {};
    const [needs, , would] = rungs({ ...image, versions: { ...versions, noDriver: true } });
    expect(needs?.driver).toBe('none for every GPU');
    expect(would?.driver).toBe('none for every GPU');
  });

  it('asks for what a requirement asks for, which is more than CUDA does', () => {
    const image = driverTooOld();
    const [finding] = image.findings;
    if (finding === undefined) throw new Error('no finding');
    const gated = (data: (typeof finding)['data']) =>
      rungs({
        ...image,
        primary: 'requirement-unmet',
        findings: [{ ...finding, id: 'requirement-unmet', data }],
        versions: { ...image.versions, driverCuda: '12.2' },
      });
    expect(gated({ needsDriver: '581.15' })[2]).toMatchObject({
      name: 'Either would do',
      driver: '≥ 581.15',
      cuda: '≤ 12.2',
    });
    expect(gated({})).toHaveLength(2);
  });

  it('is left out of reports that have no versions', () => {
    const image = EXAMPLES['works']?.().images[0];
    if (image === undefined) throw new Error('no example');
    expect(rungs(image)).toEqual([]);
  });
});
