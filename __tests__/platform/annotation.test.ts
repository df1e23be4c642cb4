import { describe, expect, it } from '@jest/globals';
import { annotationLine } from '../../src/platform/annotation.js';

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
});
