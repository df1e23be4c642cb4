import { randomBytes } from 'node:crypto';
import { invariants } from './invariants.js';
import { startProxy, type Weakness } from './proxy.js';
import type { Row } from './row.js';
import { differs, type Expected, failedPost, seenOf } from './rows.js';

const WORKS: Expected = { exitCode: 0, verdict: 'works', primary: null };
const unknown = (primary: string): Expected => ({ exitCode: 2, verdict: 'unknown', primary });
const UNREACHABLE = unknown('registry-unreachable');
/** Of a layer of its own, so that there is something to drop in the middle. */
const LAYER = 512 * 1024;

const row = (
  name: string,
  what: string,
  how: string,
  weakness: Weakness,
  expect: Expected,
  limitSeconds = 60,
  inputs: Record<string, string> = {},
): Row => ({
  name,
  part: 'registry',
  what,
  how,
  limitSeconds,
  run: async (bench) => {
    await bench.setHost({});
    const image = await bench.publish(name, {
      entries: [{ path: '/opt/layer', text: randomBytes(LAYER) }],
    });
    const proxy = await startProxy(bench.registry, weakness);
    try {
      const run = await bench.act(name, {
        images: [image.replace(bench.registry, proxy.address)],
        limitSeconds,
        inputs,
      });
      const post = await bench.post(name, run);
      return {
        seen: `${seenOf(run)}; ${proxy.harmed() === 1 ? 'one connection' : `${proxy.harmed()} connections`} harmed`,
        problems: [
          ...differs(run, expect),
          ...(proxy.harmed() === 0 ? ['nothing was harmed'] : []),
          ...(await invariants(bench.paths.root, run, { limitSeconds })),
          ...failedPost(post),
        ],
      };
    } finally {
      await proxy.close();
    }
  },
});

const HEAD = 'HTTP/1.1';
const answer = (status: string, body = '', more = ''): string =>
  `${HEAD} ${status}\r\nContent-Type: application/json\r\nDocker-Distribution-Api-Version: registry/2.0\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;

export const registryRows: readonly Row[] = [
  ...[
    [0, 'before the first byte'],
    [20, 'in the first line of an answer'],
    [600, 'within the manifest'],
    [100_000, 'within a layer'],
  ].map(([bytes, where]) =>
    row(
      `dropped-once-at-${bytes}`,
      `drops the connection ${where}, once`,
      `a proxy on the loopback interface resets the first connection after ${bytes} bytes`,
      { dropAfter: Number(bytes), times: 1 },
      WORKS,
    ),
  ),
  ...[
    [0, 'before the first byte'],
    [600, 'within the manifest'],
    [100_000, 'within a layer'],
  ].map(([bytes, where]) =>
    row(
      `dropped-always-at-${bytes}`,
      `drops every connection ${where}`,
      `a proxy resets each connection after ${bytes} bytes`,
      { dropAfter: Number(bytes) },
      UNREACHABLE,
      60,
      // The engine tries a layer five times, with waits that grow.
      { 'pull-timeout': '15s' },
    ),
  ),
  row(
    'errors-once',
    'answers 503 once',
    'a proxy answers the first connection',
    { answer: answer('503 Service Unavailable'), times: 1 },
    WORKS,
  ),
  row(
    'errors-always',
    'answers 500 to everything',
    'a proxy answers every connection',
    {
      answer: answer(
        '500 Internal Server Error',
        '{"errors":[{"code":"UNKNOWN","message":"::error::forged\\u001b[2J"}]}',
      ),
    },
    UNREACHABLE,
  ),
  row(
    'rate-limit',
    'answers 429 to everything',
    'a proxy answers every connection',
    {
      answer: answer(
        '429 Too Many Requests',
        '{"errors":[{"code":"TOOMANYREQUESTS","message":"too many"}]}',
      ),
    },
    unknown('registry-rate-limited'),
  ),
  row(
    'redirects-for-ever',
    'redirects to itself for ever',
    'a proxy answers 307 with its own path',
    { answer: answer('307 Temporary Redirect', '', 'Location: /v2/\r\n') },
    unknown('registry-answer-invalid'),
  ),
  row(
    'no-http',
    'answers with something that is no HTTP',
    'a proxy answers with bytes',
    { answer: '\u0000\u00ff::error::forged\r\n\r\n' },
    unknown('registry-answer-invalid'),
  ),
  row(
    'stalls',
    'takes connections and never answers',
    'a proxy that only listens, `pull-timeout: 5s`',
    { stalls: true },
    UNREACHABLE,
    60,
    { 'pull-timeout': '5s' },
  ),
  row(
    'corrupts',
    'delivers a layer with one byte changed',
    'a proxy changes a byte of every answer beyond 100,000 bytes',
    { corruptAfter: 100_000 },
    unknown('registry-answer-invalid'),
  ),
];
