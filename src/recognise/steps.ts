import type { Facts } from '../core/facts.js';
import type { Finding } from '../core/finding.js';

/**
 * Failures that say something only because of what was being started: the probe itself. The engine reports a missing dynamic
 * loader of the probe as "no such file", the same words as for a missing program. And a start without an end, which has no words.
 */
export function recogniseStep(facts: Facts): Finding[] {
  const text = facts.failure?.text ?? '';
  if (facts.failure?.stage === 'start' && facts.probe?.timedOut === true) {
    return [
      {
        id: 'container-start-timed-out',
        severity: 'error',
        evidence: [{ what: 'container start', value: text, from: 'engine' }],
        data: { step: 'start' },
      },
    ];
  }
  if (!/cuda-image-probe/.test(text)) return [];
  const evidence = [{ what: 'container start', value: text.slice(0, 600), from: 'engine' }];
  if (/exec format error/i.test(text)) {
    const { platform } = facts.image ?? {};
    const hostPlatform = facts.host?.platform;
    return [
      {
        id: 'platform-mismatch',
        severity: 'error',
        evidence,
        data: {
          ...(platform === undefined ? {} : { platform }),
          ...(hostPlatform === undefined ? {} : { hostPlatform }),
        },
      },
    ];
  }
  if (/cuda-image-probe"?'?:? .{0,40}no such file or directory/i.test(text)) {
    return [
      {
        id: 'libc-incompatible',
        severity: 'error',
        evidence,
        data: { step: 'start', notes: ['the image has no dynamic loader of glibc'] },
      },
    ];
  }
  return [];
}
