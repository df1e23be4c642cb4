import { describe, expect, it } from '@jest/globals';
import { assess } from '../../src/assess.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';
import { hostOf } from '../../src/core/profile.js';
import { annotations } from '../../src/report/annotations.js';
import { cureOf, inDetail, matrix } from '../../src/report/fleet.js';
import { worstFirst } from '../../src/report/headline.js';
import { summary } from '../../src/report/summary.js';
import { terminal } from '../../src/report/terminal.js';
import { fleet } from './examples.js';

describe('a report about a fleet', () => {
  const report = fleet();

  it('has a row for each image, worst first, and a cell for each kind of runner', () => {
    const rows = matrix(worstFirst(report.images));
    expect(rows.map(({ reference }) => reference)).toEqual([
      'nvidia/cuda:13.0.0-base-ubuntu22.04',
      'nvidia/cuda:12.4.1-base-ubuntu22.04',
      'ghcr.io/team/gone:1',
    ]);
    for (const { cells } of rows) expect(cells).toHaveLength(3);
  });

  it('tells once what has the same cause and the same fixes on several runners', () => {
    const told = inDetail(worstFirst(report.images));
    expect(told.map(({ reference, profile }) => `${reference} ${profile}`)).toEqual([
      'nvidia/cuda:12.4.1-base-ubuntu22.04 t4-old',
      // Their drivers are of different age, and so are the images that would fit.
      'nvidia/cuda:13.0.0-base-ubuntu22.04 h100',
      'nvidia/cuda:13.0.0-base-ubuntu22.04 t4-old',
      'ghcr.io/team/gone:1 h100, t4-old and l4-new',
    ]);
  });

  it('names the driver and the image that would fix a cell', () => {
    const cell = report.images.find(
      ({ profile, verdict }) => profile === 'h100' && verdict === 'fails',
    );
    expect(cell && cureOf(cell)).toMatch(
      /^needs driver 580 or newer, or nvidia\/cuda:12\.\d\.\d-base-ubuntu22\.04$/,
    );
  });

  it('names the runner in annotations', () => {
    expect(annotations(report).map(({ message }) => message.split('\n')[0])).toContain(
      'Image: nvidia/cuda:13.0.0-base-ubuntu22.04 on h100',
    );
  });

  it('has a line for each pair where there are too many kinds of runners for columns', () => {
    const host = hostOf({ name: 'x', driver: '550.54.15' });
    const images = Array.from({ length: 9 }, (_, at) =>
      assess(
        { schema: FACTS_SCHEMA, host, image: { reference: 'a|b', cuda: '13.0' } },
        'prediction',
        `p${at}`,
      ),
    );
    const page = summary({ ...report, images });
    expect(page).toContain('| Image | Runner | Verdict |');
    expect(page.match(/^\| .*a.*b.* \| p\d \| ❌/gm)).toHaveLength(9);
  });

  it('keeps hostile names inside their cells', () => {
    const [first] = report.images;
    if (first === undefined) throw new Error('no image');
    const images = [{ ...first, profile: 'x | <img src=x>\n::error::x', reference: '`a`|b' }];
    for (const page of [
      summary({ ...report, images }),
      terminal({ ...report, images }, { colour: false, width: 80 }),
    ]) {
      expect(page).not.toMatch(/^::error/m);
      if (page.startsWith('##')) expect(page).not.toContain('<img');
    }
  });
});
