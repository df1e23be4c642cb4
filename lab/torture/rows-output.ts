import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../process.js';
import type { Bench, Row } from './row.js';
import { imageRow } from './rows.js';

/** A document of the probe's protocol with another nonce. */
const forged = (nonce: string, rest: string): string =>
  `{"probe":"cuda-image-check/probe@1","nonce":"${nonce}",${rest}}`;

const LIES = [
  '"step":"begin"',
  '"step":"init","code":999,"deviceCount":7',
  '"step":"kernel","index":0,"code":719,"correct":false',
  '"step":"end"',
];
const ZEROES = '0'.repeat(32);
const NOT_REACHED = { exitCode: 2, verdict: 'unknown', primary: 'probe-not-reached' } as const;
/** It ended by itself before the probe was done, with words that no rule knows. */
const ENDED = { exitCode: 2, verdict: 'unknown', primary: 'unrecognised' } as const;
const WORKS = { exitCode: 0, verdict: 'works', primary: null } as const;
const GO_ON = 'exec "$@"';

/** Shell lines that print each text, to standard output unless told. */
const print = (texts: readonly string[], to = ''): string =>
  texts.map((text) => `printf '%s\\n' '${text}'${to}`).join('\n');

/** Most that an engine may keep on its disk of what one image prints, in bytes. */
const MOST_KEPT = 16 * 1024 * 1024;

/** Watches the engine's own record of the containers' output, which stands on the runner's disk. */
const engineLogs = async (bench: Bench, ended: () => boolean): Promise<string[]> => {
  const containers = join(bench.lab.runtime, 'engine', 'data', 'containers');
  let most = 0;
  while (!ended()) {
    let sum = 0;
    for (const name of await readdir(containers, { recursive: true }).catch(() => [])) {
      if (!name.includes('-json.log')) continue;
      sum += await stat(join(containers, name)).then(
        ({ size }) => size,
        () => 0,
      );
    }
    most = Math.max(most, sum);
    await sleep(100);
  }
  return most <= MOST_KEPT
    ? []
    : [`the engine kept ${Math.round(most / 1024 / 1024)} MiB of the output on its disk`];
};

const NONCE = `for word; do case "$last" in --nonce) nonce=$word;; esac; last=$word; done`;
/** A shell function that prints a document with the run's own nonce. */
const SAY = `${NONCE}
say() { printf '{"probe":"cuda-image-check/probe@1","nonce":"%s",%s}\\n' "$nonce" "$1"; }`;

export const outputRows: readonly Row[] = [
  imageRow({
    name: 'forged-lines',
    part: 'output',
    what: 'prints documents of the probe’s protocol before the probe runs',
    how: 'the kept entry point writes a failed `cuInit`, a wrong kernel and an end, with a nonce of zeroes',
    image: { wrapper: `${print(LIES.map((lie) => forged(ZEROES, lie)))}\n${GO_ON}` },
    expect: WORKS,
  }),
  imageRow({
    name: 'forged-lines-on-standard-error',
    part: 'output',
    what: 'prints the same to standard error',
    how: 'as above, `>&2`',
    image: {
      wrapper: `${print(
        LIES.map((lie) => forged(ZEROES, lie)),
        ' >&2',
      )}\n${GO_ON}`,
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'guessed-nonces',
    part: 'output',
    what: 'guesses the nonce',
    how: '20,000 documents with random nonces of 32 digits, some with the name `nonce` twice',
    image: {
      wrapper: `tr -dc 0-9a-f </dev/urandom | fold -w 32 | head -n 20000 | while read -r n; do
printf '{"probe":"cuda-image-check/probe@1","nonce":"%s","nonce":"%s","step":"init","code":999}\\n' "$n" "$n"; done
${GO_ON}`,
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'forged-end-alone',
    part: 'output',
    what: 'prints an end and leaves with 0; the probe never runs',
    how: 'the entry point writes begin and end with a guessed nonce and exits',
    image: {
      wrapper: print([forged(ZEROES, '"step":"begin"'), forged(ZEROES, '"step":"end"')]),
    },
    expect: ENDED,
  }),
  imageRow({
    name: 'workflow-commands',
    part: 'output',
    what: 'prints workflow commands and fails, so that its words are shown',
    how: '`::set-output`, `::add-mask`, `::stop-commands`, `::save-state`, `::set-env`, `##[error]`, also after a carriage return and in the middle of a line, on both streams; exit 1',
    image: {
      wrapper: [
        print([
          '::set-output name=verdict::works',
          '::add-mask::a',
          '::stop-commands::marker',
          '::save-state name=run-id::x',
          '::set-env name=PATH::/evil',
          '##[error]forged',
          '##[group]forged',
          '::error file=a::forged',
          '  ::warning::forged',
        ]),
        `printf 'x\\r::error::forged\\r\\n\\r##[error]forged\\n'`,
        `printf '::error::forged on standard error\\n' >&2`,
        'exit 1',
      ].join('\n'),
    },
    expect: ENDED,
    also: (run) => (run.outputs['verdict'] === 'unknown' ? [] : ['the output verdict was forged']),
  }),
  imageRow({
    name: 'terminal-escapes',
    part: 'output',
    what: 'prints what acts on a terminal or deceives the eye, and fails',
    how: 'clear screen, title, hyperlink, device control, C1 codes, right-to-left override, tag characters; exit 1',
    image: {
      wrapper: `printf '\\033[2J\\033]0;title\\007\\033]8;;http://evil\\033\\\\link\\033]8;;\\033\\\\\\033P+q\\033\\\\\\302\\233\\061m\\342\\200\\256abc\\363\\240\\201\\201\\b\\b\\177\\n'
exit 1`,
    },
    expect: ENDED,
    also: ({ log, summary }) =>
      `${log}${summary}`.includes('\u202e') ? ['text that runs backwards in log or summary'] : [],
  }),
  imageRow({
    name: 'gigabytes-of-lines',
    part: 'output',
    what: 'prints more than a gigabyte of lines, then lets the probe run',
    how: '`yes | head -c 1200M`',
    image: {
      wrapper: `yes 'noise noise noise noise noise noise noise noise' | head -c 1200M\n${GO_ON}`,
    },
    limitSeconds: 130,
    inputs: { timeout: '120s' },
    expect: WORKS,
  }),
  imageRow({
    name: 'endless-lines',
    part: 'output',
    what: 'prints for ever; the engine must not keep it on its disk either',
    how: '`exec yes`, `timeout: 6s`',
    image: { wrapper: 'exec yes noise' },
    inputs: { timeout: '6s' },
    during: engineLogs,
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'endless-line',
    part: 'output',
    what: 'prints one line without an end',
    how: '`tr` of /dev/zero, `timeout: 6s`',
    image: { wrapper: `exec tr '\\0' x </dev/zero` },
    inputs: { timeout: '6s' },
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'endless-standard-error',
    part: 'output',
    what: 'prints to standard error for ever',
    how: '`exec yes >&2`, `timeout: 6s`',
    image: { wrapper: 'exec yes noise >&2' },
    inputs: { timeout: '6s' },
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'invalid-utf-8',
    part: 'output',
    what: 'prints bytes that are no UTF-8, and fails',
    how: '4 KiB of /dev/urandom, cut sequences, overlong forms, encoded surrogates; exit 1',
    image: {
      wrapper: `head -c 4096 /dev/urandom
printf '\\377\\376\\300\\257\\355\\240\\200\\360\\237\\n\\342\\202'
exit 1`,
    },
    expect: ENDED,
  }),
  imageRow({
    name: 'nul-bytes',
    part: 'output',
    what: 'prints NUL bytes around and inside of lines, then lets the probe run',
    how: '8 MiB of /dev/zero, then text with NUL in it',
    image: { wrapper: `head -c 8M /dev/zero\nprintf 'a\\0b\\n\\0\\0::error::x\\n\\0'\n${GO_ON}` },
    expect: WORKS,
  }),
  imageRow({
    name: 'right-nonce-nested',
    part: 'output',
    what: 'prints documents with the right nonce that are as deep, as long and as odd as they can be',
    how: 'nonce from the arguments: 60,000 brackets, a document of 1 MB, `__proto__` and `constructor` as fields, numbers beyond every range; then the probe runs',
    image: {
      wrapper: `${SAY}
deep=$(head -c 60000 /dev/zero | tr '\\0' '[')
say "\\"step\\":\\"nodes\\",\\"nodes\\":$deep"
say "\\"step\\":\\"library\\",\\"name\\":\\"$(head -c 1000000 /dev/zero | tr '\\0' x)\\""
say '"__proto__":{"step":"end","complete":true},"constructor":{"prototype":{"step":"end"}},"step":"x"'
say '"step":"__proto__"'
say '"step":"device","index":1e308,"name":7'
say '"step":"kernel","index":-1,"code":1e400'
${GO_ON}`,
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'right-nonce-many',
    part: 'output',
    what: 'prints 60,000 documents about files and frameworks with the right nonce',
    how: 'nonce from the arguments: `code`, `library` and `framework` documents with texts of 500 characters',
    image: {
      wrapper: `${SAY}
long=$(head -c 500 /dev/zero | tr '\\0' x)
i=0; while [ $i -lt 20000 ]; do i=$((i+1))
say "\\"step\\":\\"code\\",\\"path\\":\\"/$i/$long\\",\\"kind\\":\\"elf\\",\\"cubins\\":[\\"sm_80\\"]"
say "\\"step\\":\\"library\\",\\"name\\":\\"cudnn\\",\\"version\\":\\"9.$i\\",\\"path\\":\\"/$i/$long\\",\\"kind\\":\\"library\\""
say "\\"step\\":\\"framework\\",\\"name\\":\\"torch\\",\\"interpreter\\":\\"/$i/$long\\""
done
${GO_ON}`,
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'right-nonce-hostile-texts',
    part: 'output',
    what: 'puts Markdown, HTML, workflow commands and escapes into every text of the probe’s documents',
    how: 'nonce from the arguments: names, paths, errors and versions of GPU, driver and framework; all five output formats are written',
    image: {
      wrapper: `${SAY}
evil='<script>alert(1)</script><img src=x onerror=alert(1)>|\`\`\`\\\\n::error::forged\\\\n##[error]forged\\\\n\\\\u001b[2J\\\\u202e](http://evil) @lab #1 $x$ ghadelimiter'
say '"step":"begin"'
say "\\"step\\":\\"libcuda\\",\\"path\\":\\"$evil\\",\\"origin\\":\\"host\\",\\"cuda\\":\\"12.2\\",\\"error\\":\\"$evil\\""
say '"step":"init","code":0,"deviceCount":1'
say "\\"step\\":\\"device\\",\\"index\\":0,\\"name\\":\\"$evil\\",\\"uuid\\":\\"$evil\\",\\"computeCapability\\":\\"8.0\\""
say "\\"step\\":\\"kernel\\",\\"index\\":0,\\"code\\":719,\\"call\\":\\"$evil\\",\\"error\\":\\"$evil\\""
say "\\"step\\":\\"runtime\\",\\"found\\":true,\\"path\\":\\"$evil\\",\\"version\\":\\"12.2\\",\\"code\\":999,\\"error\\":\\"$evil\\""
say '"step":"end"'
sleep 1`,
    },
    inputs: Object.fromEntries(
      ['sarif', 'junit', 'html', 'markdown'].map((format) => [format, `../../../row/x.${format}`]),
    ),
    expect: { exitCode: 2, verdict: 'unknown', primary: 'gpu-lost' },
  }),
  imageRow({
    name: 'complete-then-endless',
    part: 'output',
    what: 'says with the right nonce that the probe is done, and goes on printing',
    how: 'nonce from the arguments: begin and end, then `exec yes`',
    image: { wrapper: `${SAY}\nsay '"step":"begin"'\nsay '"step":"end"'\nexec yes` },
    expect: ENDED,
  }),
  imageRow({
    name: 'child-holds-the-output',
    part: 'output',
    what: 'leaves a process behind that holds the output open',
    how: '`(trap "" TERM; sleep 600) &` in the entry point, then the probe',
    image: { wrapper: `(trap '' TERM HUP INT; sleep 600) &\n${GO_ON}` },
    expect: WORKS,
  }),
];
