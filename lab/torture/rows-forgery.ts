import { stat } from 'node:fs/promises';
import { at } from '../compare.js';
import type { Acted, Row } from './row.js';
import { imageRow } from './rows.js';

const LINKER =
  process.arch === 'arm64' ? '/usr/lib/ld-linux-aarch64.so.1' : '/usr/lib64/ld-linux-x86-64.so.2';
const MULTIARCH = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
const LIBC = `/usr/lib/${MULTIARCH}/libc.so.6`;
const LIBRARY = '/opt/evil/library.so';
const TOO_OLD = {
  driver: { version: '470.82.01', cuda: '11.4' },
  gpus: [{ name: 'NVIDIA A100-SXM4-80GB', computeCapability: '8.0', memoryMiB: 81920 }],
};

/**
 * A verdict by the word of the image alone must say so, in the log and on the page; and the report must hold what the runner itself
 * says: the driver and the GPU, which the forger does not know.
 */
const restsOn = ({ log, summary, report }: Acted, driver = '535.104.05'): string[] => {
  const facts = report?.images?.[0]?.facts;
  const says = (pointer: string, value: string): string[] =>
    String(at(facts, pointer)).includes(value)
      ? []
      : [`${pointer} of the report is ${at(facts, pointer)}, expected ${value}`];
  return [
    ...Object.entries({ log, summary }).flatMap(([where, text]) =>
      /results from inside the container are the image['’]s own report/.test(
        text.replaceAll(/\s+/g, ' '),
      )
        ? []
        : [`the ${where} does not say that the verdict rests on the image’s own word`],
    ),
    ...says('/host/driver/version', driver),
    ...says('/host/gpus/0/name', 'A100'),
    ...says('/image/digest', 'sha256:'),
    ...says('/probe/gpus/0/name', 'FORGED'),
  ];
};

const ON_ITS_WORD = (): string => 'and the page says that it is the image’s own word';

const FORGED = { exitCode: 0, verdict: 'works', primary: null } as const;
const WORKS = FORGED;
/** It ended by itself before the probe was done, with words that no rule knows. */
const ENDED = { exitCode: 2, verdict: 'unknown', primary: 'unrecognised' } as const;
const NOT_REACHED = { exitCode: 2, verdict: 'unknown', primary: 'probe-not-reached' } as const;
const TIMED_OUT = { exitCode: 2, verdict: 'unknown', primary: 'probe-timed-out' } as const;

export const forgeryRows: readonly Row[] = [
  imageRow({
    name: 'forged-by-entry-point',
    part: 'forgery',
    what: 'reads the nonce and writes a whole forged success; the probe never runs',
    how: 'a program in the kept entry point’s place writes every document with the right nonce',
    image: ({ programs }) => ({
      wrapper: 'exec /opt/evil/forge "$@"',
      entries: [{ path: '/opt/evil/forge', text: programs.linker, mode: 0o755 }],
    }),
    expect: FORGED,
    also: (run) => restsOn(run),
    say: ON_ITS_WORD,
  }),
  imageRow({
    name: 'forged-against-the-tables',
    part: 'forgery',
    what: 'would forge a success on a driver that is too old for it',
    how: 'the same, host with driver 470.82.01 (CUDA 11.4): the container toolkit, which is the runner’s, refuses before anything of the image runs',
    host: TOO_OLD,
    image: ({ programs }) => ({
      wrapper: 'exec /opt/evil/forge "$@"',
      entries: [{ path: '/opt/evil/forge', text: programs.linker, mode: 0o755 }],
    }),
    expect: { exitCode: 1, verdict: 'fails', primary: 'requirement-unmet' },
  }),
  imageRow({
    name: 'forged-with-requirements-off',
    part: 'forgery',
    what: 'the same, and switches the toolkit’s requirements off',
    how: '`NVIDIA_DISABLE_REQUIRE=1`: what the runner itself says of its driver stands in the report beside the forgery',
    host: TOO_OLD,
    image: ({ programs }) => ({
      wrapper: 'exec /opt/evil/forge "$@"',
      env: { NVIDIA_DISABLE_REQUIRE: '1' },
      entries: [{ path: '/opt/evil/forge', text: programs.linker, mode: 0o755 }],
    }),
    expect: FORGED,
    also: (run) => restsOn(run, '470.82.01'),
    say: ON_ITS_WORD,
  }),
  imageRow({
    name: 'linker-forges',
    part: 'forgery',
    what: 'replaces the dynamic linker by a program that forges a success',
    how: 'a static program as the ELF interpreter',
    image: ({ programs }) => ({ entries: [{ path: LINKER, text: programs.linker, mode: 0o755 }] }),
    expect: FORGED,
    also: (run) => restsOn(run),
    say: ON_ITS_WORD,
  }),
  imageRow({
    name: 'linker-ends',
    part: 'forgery',
    what: 'replaces the dynamic linker by a program that ends with 0',
    how: 'a static program that only exits',
    image: ({ programs }) => ({
      entries: [{ path: LINKER, text: programs.quietLinker, mode: 0o755 }],
    }),
    expect: ENDED,
  }),
  imageRow({
    name: 'linker-hangs',
    part: 'forgery',
    what: 'replaces the dynamic linker by a program that never ends',
    how: 'a static program that waits for ever, `timeout: 6s`',
    image: ({ programs }) => ({
      entries: [{ path: LINKER, text: programs.hangingLinker, mode: 0o755 }],
    }),
    inputs: { timeout: '6s' },
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'linker-is-garbage',
    part: 'forgery',
    what: 'replaces the dynamic linker by a text',
    how: '`ld-linux` holds "not a program"',
    image: { entries: [{ path: LINKER, text: 'not a program\n', mode: 0o755 }] },
    expect: ENDED,
  }),
  imageRow({
    name: 'libc-is-empty',
    part: 'forgery',
    what: 'replaces libc by an empty file',
    how: '`libc.so.6` of 0 bytes',
    image: { entries: [{ path: LIBC, text: '', mode: 0o755 }] },
    expect: ENDED,
  }),
  imageRow({
    name: 'libc-forges',
    part: 'forgery',
    what: 'replaces libc by a library that forges a success',
    how: '`libc.so.6` is a library whose constructor writes every document; it has none of libc’s symbols',
    image: ({ programs }) => ({ entries: [{ path: LIBC, text: programs.library, mode: 0o755 }] }),
    expect: ENDED,
  }),
  imageRow({
    name: 'preload-forges',
    part: 'forgery',
    what: 'has `LD_PRELOAD` in its environment, naming a library that forges a success',
    how: 'the library’s constructor writes every document and ends the probe',
    image: ({ programs }) => ({
      env: { LD_PRELOAD: LIBRARY },
      entries: [{ path: LIBRARY, text: programs.library, mode: 0o755 }],
    }),
    expect: FORGED,
    also: (run) => restsOn(run),
    say: ON_ITS_WORD,
  }),
  imageRow({
    name: 'preload-file-forges',
    part: 'forgery',
    what: 'the same by `/etc/ld.so.preload`',
    how: 'the file names the library',
    image: ({ programs }) => ({
      entries: [
        { path: '/etc/ld.so.preload', text: `${LIBRARY}\n` },
        { path: LIBRARY, text: programs.library, mode: 0o755 },
      ],
    }),
    expect: FORGED,
    also: (run) => restsOn(run),
    say: ON_ITS_WORD,
  }),
  imageRow({
    name: 'preload-ends',
    part: 'forgery',
    what: 'preloads a library that ends the probe with 0',
    how: 'the constructor exits',
    image: ({ programs }) => ({
      env: { LD_PRELOAD: LIBRARY },
      entries: [{ path: LIBRARY, text: programs.quietLibrary, mode: 0o755 }],
    }),
    expect: ENDED,
  }),
  imageRow({
    name: 'preload-hangs',
    part: 'forgery',
    what: 'preloads a library that never lets the probe begin',
    how: 'the constructor waits for ever, `timeout: 6s`',
    image: ({ programs }) => ({
      env: { LD_PRELOAD: LIBRARY },
      entries: [{ path: LIBRARY, text: programs.hangingLibrary, mode: 0o755 }],
    }),
    inputs: { timeout: '6s' },
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'preload-missing',
    part: 'forgery',
    what: 'preloads a library that is not there',
    how: '`LD_PRELOAD=/nowhere.so`: the linker warns and goes on, as for any program of the image',
    image: { env: { LD_PRELOAD: '/nowhere.so' } },
    expect: WORKS,
  }),
  imageRow({
    name: 'linker-lists',
    part: 'forgery',
    what: 'has `LD_TRACE_LOADED_OBJECTS=1` in its environment: the linker lists libraries, and the probe never begins',
    how: 'the variable in the image’s configuration',
    image: { env: { LD_TRACE_LOADED_OBJECTS: '1' } },
    expect: ENDED,
  }),
  imageRow({
    name: 'linker-debugs',
    part: 'forgery',
    what: 'has `LD_DEBUG=all` in its environment: every lookup of a symbol is a line on standard error',
    how: 'the variable in the image’s configuration',
    image: { env: { LD_DEBUG: 'all' } },
    inputs: { timeout: '60s' },
    limitSeconds: 80,
    expect: WORKS,
  }),
  imageRow({
    name: 'libcudart-ends',
    part: 'forgery',
    what: 'its libcudart ends the process that loads it with 0',
    how: 'a library in the place of libcudart.so.12 whose constructor exits',
    image: ({ programs }) => ({
      bare: true,
      entries: [
        {
          path: '/usr/local/cuda-12.2/lib64/libcudart.so.12',
          text: programs.quietLibrary,
          mode: 0o755,
        },
        { path: '/usr/local/cuda', link: 'cuda-12.2' },
      ],
    }),
    expect: ENDED,
  }),
  imageRow({
    name: 'libcudart-hangs',
    part: 'forgery',
    what: 'its libcudart never returns from being loaded',
    how: 'the constructor waits for ever, `timeout: 9s`, a step has 3 s',
    image: ({ programs }) => ({
      bare: true,
      entries: [
        {
          path: '/usr/local/cuda-12.2/lib64/libcudart.so.12',
          text: programs.hangingLibrary,
          mode: 0o755,
        },
        { path: '/usr/local/cuda', link: 'cuda-12.2' },
      ],
    }),
    inputs: { timeout: '9s' },
    expect: TIMED_OUT,
  }),
  imageRow({
    name: 'python-forges',
    part: 'forgery',
    what: 'its Python prints a forged framework test with a guessed nonce',
    how: '`/usr/bin/python3` is a shell script, beside the metadata of a torch that is not there',
    image: {
      entries: [
        {
          path: '/usr/bin/python3',
          text: `#!/bin/sh\nprintf '{"probe":"cuda-image-check/probe@1","nonce":"${'0'.repeat(32)}","step":"framework","name":"torch","available":true}\\n'\nprintf '::error::forged\\n'\nexit 0\n`,
          mode: 0o755,
        },
        {
          path: '/usr/lib/python3/dist-packages/torch-2.4.0+cu121.dist-info/METADATA',
          text: 'Metadata-Version: 2.1\nName: torch\nVersion: 2.4.0+cu121\n',
        },
        { path: '/usr/lib/python3/dist-packages/torch/version.py', text: "cuda = '12.1'\n" },
      ],
    },
    expect: ENDED,
  }),
  imageRow({
    name: 'python-ignores-sigterm',
    part: 'forgery',
    what: 'its Python ignores SIGTERM, starts more of itself and never ends',
    how: '`/usr/bin/python3` is a shell script with a trap, beside the metadata of a torch; `timeout: 9s`',
    image: {
      entries: [
        {
          path: '/usr/bin/python3',
          text: "#!/bin/sh\ntrap '' TERM HUP INT\n(trap '' TERM; sleep 600) &\nwhile :; do sleep 60; done\n",
          mode: 0o755,
        },
        {
          path: '/usr/lib/python3/dist-packages/torch-2.4.0+cu121.dist-info/METADATA',
          text: 'Metadata-Version: 2.1\nName: torch\nVersion: 2.4.0+cu121\n',
        },
      ],
    },
    inputs: { timeout: '9s' },
    expect: TIMED_OUT,
  }),
  imageRow({
    name: 'entry-point-ignores-sigterm',
    part: 'forgery',
    what: 'its entry point ignores every signal that can be ignored and never ends',
    how: 'trap of HUP, INT, TERM, QUIT, USR1; `timeout: 6s`',
    image: { wrapper: "trap '' HUP INT TERM QUIT USR1\nwhile :; do sleep 60; done" },
    inputs: { timeout: '6s' },
    expect: NOT_REACHED,
  }),
  imageRow({
    name: 'shell-and-null-replaced',
    part: 'forgery',
    what: 'replaces `/dev/null`, `/bin/sh` and `ls` in its own files',
    how: '`/dev/null` is a folder in a layer, `sh` a text, and `/dev/zero` a link to /proc/kmsg',
    image: {
      entries: [
        { path: '/dev/null', folder: true },
        { path: '/dev/zero', link: '/proc/kmsg' },
        { path: '/usr/bin/sh', text: 'not a shell', mode: 0o755 },
        { path: '/usr/bin/ls', text: '#!/usr/bin/ls\n', mode: 0o755 },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'null-replaced-at-run-time',
    part: 'forgery',
    what: 'removes `/dev/null` and `/dev/shm` in the container and puts files there',
    how: 'the entry point does it as root, then lets the probe run; the runner’s own /dev/null is looked at afterwards',
    image: {
      wrapper: `rm -f /dev/null /dev/zero; echo evil >/dev/null; echo evil >/dev/zero
exec "$@"`,
    },
    expect: WORKS,
    also: async () => {
      const found = await stat('/dev/null');
      return found.isCharacterDevice() && (found.mode & 0o777) === 0o666
        ? []
        : ['/dev/null of the runner was changed'];
    },
  }),
];
