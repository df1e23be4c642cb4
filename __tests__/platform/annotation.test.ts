import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { annotationLine } from '../../src/platform/annotation.js';
import { annotations } from '../../src/report/annotations.js';
import { terminal } from '../../src/report/terminal.js';
import { EXAMPLES } from '../report/examples.js';
import { hostileText, withTexts } from '../report/hostile.js';

interface Command {
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

/**
 * A line of log as the runner takes it: `ActionCommand.TryParseV2` of actions/runner (src/Runner.Common/ActionCommand.cs), whose blanks at the start and
 * whose three ends of line (`Environment.NewLine` of the writer's, `\\r`, `\\n`) are those of its reader.
 */
function asRunner(line: string): Command | undefined {
  const text = line.trimStart();
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  if (end === -1) return undefined;
  const [, name = '', rest = ''] = /^(\S+)(?: ([\s\S]*))?$/.exec(text.slice(2, end)) ?? [];
  const plain = (value: string) =>
    value
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const properties = rest
    .split(',')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), plain(pair.slice(at + 1))] as const;
    });
  const data = text.slice(end + 2);
  return {
    name,
    properties: new Map(properties),
    data: data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%'),
  };
}

const linesOf = (log: string): string[] => log.split(/\r\n|[\r\n]/);

describe('an annotation as a line of log', () => {
  it('has its place, and nothing in it that is another command', () => {
    expect(
      annotationLine({
        level: 'error',
        title: 'a: b, c',
        message: '100%\n::warning::x',
        file: 'a,b:c/Dockerfile',
        startLine: 3,
        endLine: 3,
        startColumn: 6,
        endColumn: 20,
      }),
    ).toBe(
      '::error title=a%3A b%2C c,file=a%2Cb%3Ac/Dockerfile,line=3,endLine=3,col=6,endColumn=20::100%25%0A::warning::x',
    );
  });

  it('goes without a place', () => {
    expect(annotationLine({ level: 'notice', title: 't', message: 'm' })).toBe(
      '::notice title=t::m',
    );
  });

  it('is one line whatever its texts are, and comes out of the runner as it went in', () => {
    const text = fc.oneof(hostileText(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, text, text, (title, message, file) => {
        const line = annotationLine({ level: 'error', title, message, file, startLine: 3 });
        expect(linesOf(line)).toHaveLength(1);
        const command = asRunner(line);
        expect(command?.name).toBe('error');
        expect(command?.data).toBe(message);
        expect([...(command?.properties ?? [])]).toEqual([
          ['title', title],
          ['file', file],
          ['line', '3'],
        ]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the log of a run', () => {
  it('has the commands that are its own, and no other, whatever comes from outside', () => {
    const texts = hostileText().map((text) => `${text}é`);
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(EXAMPLES)), texts, (make, text) => {
        const report = withTexts(make(), text, text);
        const all = annotations(report, { reportPath: text });
        const log = [
          terminal(report, { colour: true, width: 100 }),
          ...all.map(annotationLine),
        ].join('\n');
        const commands = linesOf(log).flatMap((line) => asRunner(line) ?? []);
        expect(commands.map(({ name }) => name)).toEqual(all.map(({ level }) => level));
        // The older form of a command counts anywhere in a line that is none of the newer form.
        const others = linesOf(log).filter((line) => asRunner(line) === undefined);
        expect(others.join('\n')).not.toContain('##[');
      }),
      { numRuns: 60 },
    );
  });
});
