import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, compare } from '../../lab/compare.js';
import { summaryText } from '../../lab/render.js';
import {
  inputVariable,
  parseAnnotations,
  parseFileCommand,
  readActionFile,
} from '../../lab/runner.js';

describe('the lab as a runner', () => {
  it('names inputs as actions/runner does', () => {
    expect(inputVariable('fail-on')).toBe('INPUT_FAIL-ON');
    expect(inputVariable('some name')).toBe('INPUT_SOME_NAME');
  });

  it('fills in every input that a workflow leaves out', async () => {
    const action = await readActionFile(process.cwd());
    expect(action.main).toBe('dist/index.js');
    expect(action.defaults).toMatchObject({ gpus: 'all', 'fail-on': 'fails,unknown' });
    expect(action.defaults['images']).toBe('');
  });

  it('reads the blocks that @actions/core writes, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.string({ maxLength: 40 })),
        (values) => {
          const text = Object.entries(values)
            .map(([name, value]) => `${name}<<ghadelimiter_1f\n${value}\nghadelimiter_1f\n`)
            .join('');
          expect({ ...parseFileCommand(text) }).toEqual({ ...values });
        },
      ),
    );
    expect(parseFileCommand('a=1\nb=x=y\n')).toEqual({ a: '1', b: 'x=y' });
  });

  it('reads annotations and decodes them once', () => {
    expect(
      parseAnnotations('noise\n::error title=A%2C b%3A c::line 1%0Aline 2 100%25\n::notice::x\n'),
    ).toEqual([
      { level: 'error', title: 'A, b: c', message: 'line 1\nline 2 100%' },
      { level: 'notice', title: '', message: 'x' },
    ]);
  });

  it('shows a summary as text', () => {
    const text = summaryText(
      '## A & B\n\n| image | driver |\n| --- | --- |\n| `a` | ok |\n\n<details><summary>More</summary>\n\nfolded\n\n</details>\n',
    );
    expect(text).toContain('■ A & B');
    expect(text).toContain('image │ driver');
    expect(text).toContain('▸ More');
    expect(text).toContain('folded');
    expect(text).not.toContain('<');
  });
});

describe('what is compared', () => {
  const report = {
    passed: false,
    images: [
      {
        verdict: 'fails',
        primary: 'driver-too-old',
        findings: [{ id: 'driver-too-old' }],
        facts: { failure: { stage: 'start' }, probe: { init: { code: 0 } } },
      },
    ],
  };

  it('says nothing about a run that came out as expected', () => {
    const expected = {
      verdict: 'fails',
      primary: 'driver-too-old',
      findings: ['driver-too-old'],
      stage: 'start',
      facts: { '/probe/init/code': 0 },
    };
    expect(compare({ exitCode: 1, passed: false, images: [expected] }, 1, report)).toEqual([]);
  });

  it('names each difference', () => {
    const expected = {
      verdict: 'works',
      primary: null,
      findings: ['ptx-too-new'],
      stage: 'pull',
      facts: { '/probe/init/code': 804 },
    };
    expect(compare({ exitCode: 0, passed: true, images: [expected, expected] }, 1, report)).toEqual(
      [
        'exit code 1, expected 0',
        'passed is false, expected true',
        'the report has 1 images, expected 2',
        'image 1: verdict "fails", expected "works"',
        'image 1: primary finding "driver-too-old", expected null',
        'image 1: finding ptx-too-new is missing, seen: driver-too-old',
        'image 1: failed at stage "start", expected "pull"',
        'image 1: fact /probe/init/code is 0, expected 804',
      ],
    );
  });

  it('misses a report that was not written', () => {
    expect(compare({ exitCode: 0, images: [] }, 0, null)).toEqual(['there is no report']);
    expect(compare({ exitCode: 3 }, 3, null)).toEqual([]);
  });

  it('finds nothing where a pointer leads nowhere', () => {
    expect(at({ a: [{ b: 1 }] }, '/a/0/b')).toBe(1);
    expect(at({ a: null }, '/a/b/c')).toBeUndefined();
  });
});
