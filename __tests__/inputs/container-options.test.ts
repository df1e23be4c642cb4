import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseContainerOptions, splitWords } from '../../src/container-options.js';

it.each(['--env MY-TOKEN=s3cret', '-eTOKEN=s3cret', `--env TOKEN='s3cret`, `-e "TOKEN=s3cret`])(
  'refuses %j without repeating the value',
  (text) => {
    const parsed = parseContainerOptions(text);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).toContain('TOKEN=***');
    expect(JSON.stringify(parsed)).not.toContain('s3cret');
  },
);

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  a\tb\nc ', ['a', 'b', 'c']],
    [`-e 'A=b c'`, ['-e', 'A=b c']],
    [`-e "A=\\"x\\" \\y"`, ['-e', 'A="x" \\y']],
    ['a\\ b', ['a b']],
    [`''`, ['']],
    [`x''y"z"`, ['xyz']],
    ['$HOME `id` $(id) *', ['$HOME', '`id`', '$(id)', '*']],
  ])('splits %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it.each([`'a`, `"a`, `a "b\\"`])('refuses %j, whose quote is open', (text) => {
    expect(splitWords(text)).toBeUndefined();
  });

  it('gives back what was quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        const text = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(splitWords(text)).toEqual(words);
      }),
    );
  });
});

describe('parseContainerOptions', () => {
  const problems = (text: string) => {
    const parsed = parseContainerOptions(text);
    return parsed.ok ? [] : parsed.problems.map(({ value }) => value);
  };

  it('takes the options of a real job', () => {
    expect(
      parseContainerOptions(
        `--shm-size 8g --ulimit memlock=-1 --ulimit stack=67108864 --ipc=host -e 'A=b c' -u 1000:1000 --runtime=nvidia`,
      ),
    ).toEqual({
      ok: true,
      words: [
        '--shm-size=8g',
        '--ulimit=memlock=-1',
        '--ulimit=stack=67108864',
        '--ipc=host',
        '--env=A=b c',
        '--user=1000:1000',
        '--runtime=nvidia',
      ],
    });
  });

  it('names every option that it refuses, and only those', () => {
    expect(
      problems(
        '--privileged -v /:/host --cap-add SYS_ADMIN --shm-size 1g --network host --device=/dev/sda --pid host',
      ),
    ).toEqual(['--privileged', '-v', '--cap-add', '--network', '--device=/dev/sda', '--pid']);
  });

  it.each([
    ['--shm-size lots', '--shm-size lots'],
    ['--shm-size', '--shm-size'],
    ['--ipc container:abc', '--ipc container:abc'],
    ['--security-opt seccomp=unconfined', '--security-opt seccomp=unconfined'],
    ['--runtime ../x', '--runtime ../x'],
    ['busybox', 'busybox'],
    ['constructor', 'constructor'],
  ])('refuses %s', (text, value) => {
    expect(problems(text)).toEqual([value]);
  });

  it('lets nothing through that is not on the list, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseContainerOptions(text);
        if (!parsed.ok) return;
        for (const word of parsed.words) {
          expect(word).toMatch(
            /^--(shm-size|ipc|ulimit|memory|memory-swap|pids-limit|cpus|cpuset-cpus|env|user|group-add|runtime|security-opt)=/,
          );
        }
      }),
    );
  });
});
