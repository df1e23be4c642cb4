import { readdir, readFile } from 'node:fs/promises';
import type { Entry } from './image.js';
import { invariants } from './invariants.js';
import type { Bench, Row } from './row.js';
import { differs, failedPost, imageRow, seenOf } from './rows.js';

const WORKS = { exitCode: 0, verdict: 'works', primary: null } as const;
const ENDED = { exitCode: 2, verdict: 'unknown', primary: 'unrecognised' } as const;
const TIMED_OUT = { exitCode: 2, verdict: 'unknown', primary: 'probe-timed-out' } as const;
const LIB = '/usr/local/cuda-12.2/lib64';
const many = (count: number, make: (at: number) => Entry): Entry[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** The `ldconfig` that the lab's hook runs over an image's files while the engine starts a container: by its parent's environment. */
const heldLdconfig = async (bench: Bench): Promise<number | undefined> => {
  for (const name of await readdir('/proc')) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    const parent = /^Name:\tldconfig[\s\S]*^PPid:\t(\d+)/m.exec(status)?.[1];
    const env = await readFile(`/proc/${parent}/environ`, 'latin1').catch(() => '');
    if (env.includes(bench.lab.runtime)) return Number(name);
  }
  return undefined;
};

/** Ends a process; false for one that is gone already. */
function isEnded(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** An image that holds the runner's own hook: nothing can be started or removed until the machine's owner ends it. */
const linkerFifo: Row = {
  name: 'fifo-among-linker-files',
  part: 'files',
  what: 'a FIFO where the container toolkit’s `ldconfig` looks, so that the engine can neither start the container nor remove it',
  how: 'in /etc/ld.so.conf.d, `timeout: 6s`; after the main step the waiting `ldconfig` is ended, as the machine’s owner would, then `post`',
  limitSeconds: 45,
  run: async (bench) => {
    const { name, limitSeconds } = linkerFifo;
    await bench.setHost({});
    const image = await bench.publish(name, {
      entries: [{ path: '/etc/ld.so.conf.d/000_pipe.conf', fifo: true }],
    });
    const run = await bench.act(name, { images: [image], inputs: { timeout: '6s' }, limitSeconds });
    const held = await heldLdconfig(bench);
    const ended = held !== undefined && isEnded(held);
    const post = await bench.post(name, run);
    const warned = run.annotations.filter(({ title }) => title === 'Container not removed');
    const [, container, command] =
      /^(cuda-image-check-\S+): .*To remove it: (.*)$/.exec(warned[0]?.message ?? '') ?? [];
    const fixes = run.report?.images?.[0]?.findings?.[0]?.fixes ?? [];
    return {
      seen: `${seenOf(run)}; a warning names the container and the command that removes it; once the \`ldconfig\` was ended, \`post\` removed it`,
      problems: [
        ...differs(run, {
          exitCode: 2,
          verdict: 'unknown',
          primary: 'container-start-timed-out',
        }),
        ...(await invariants(bench.paths.root, run, { limitSeconds })),
        ...(ended ? [] : ['no ldconfig was held: the attack did not work']),
        ...(warned.length === 1 && command === `docker rm --force --volumes ${container}`
          ? []
          : [`warnings about the container: ${warned.map(({ message }) => message).join('; ')}`]),
        ...(fixes.some((fix) => /\bps -eo .*wchan.*\[l\]dconfig/.test(fix))
          ? []
          : ['no fix says how to find what holds the start']),
        ...failedPost(post),
        ...(post.log.includes('not removed') ? [`post: ${post.log.trim()}`] : []),
      ],
    };
  },
};

export const filesRows: readonly Row[] = [
  linkerFifo,
  imageRow({
    name: 'symlink-farm',
    part: 'files',
    what: '10,000 symbolic links: loops, chains, to `/`, to /proc, to nowhere',
    how: 'a layer of links with names of CUDA libraries and folders',
    image: {
      entries: [
        ...many(4000, (at) => ({
          path: `/links/libcudnn.so.${at}`,
          link: `libcudnn.so.${(at + 1) % 4000}`,
        })),
        ...many(3000, (at) => ({ path: `/links/root-${at}`, link: '/' })),
        ...many(2000, (at) => ({ path: `/links/proc-${at}`, link: '/proc/self/root/proc' })),
        ...many(1000, (at) => ({ path: `${LIB}/libnccl.so.${at}`, link: '/nowhere' })),
        { path: '/links/self', link: '.' },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'fifos',
    part: 'files',
    what: 'FIFOs with the names of libraries and of Python’s metadata',
    how: 'in /usr/local/cuda/lib64 and dist-packages',
    image: {
      entries: [
        { path: `${LIB}/libcublas.so.12`, fifo: true },
        { path: `${LIB}/libcudnn.so.9`, fifo: true },
        { path: '/usr/lib/python3/dist-packages/torch-2.4.0.dist-info/METADATA', fifo: true },
        { path: '/usr/lib/python3/dist-packages/torch/lib/libtorch_cuda.so', fifo: true },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'fifo-as-libcudart',
    part: 'files',
    what: 'a FIFO in the place of libcudart, which the dynamic linker opens and waits at',
    how: '`libcudart.so.12` is a FIFO; `timeout: 9s`, a step has 3 s',
    image: {
      bare: true,
      entries: [
        { path: `${LIB}/libcudart.so.12`, fifo: true },
        { path: '/usr/local/cuda', link: 'cuda-12.2' },
      ],
    },
    inputs: { timeout: '9s' },
    expect: TIMED_OUT,
  }),
  imageRow({
    name: 'device-files',
    part: 'files',
    what: 'device files with the names of libraries, and one of the runner’s disks and memory',
    how: 'character devices 1:1, 1:5, 1:9, 4:64, 195:0 in a layer',
    image: {
      entries: [
        { path: `${LIB}/libcublas.so.12`, device: [1, 5] },
        { path: `${LIB}/libcudnn.so.9`, device: [1, 9] },
        { path: '/opt/mem.so', device: [1, 1] },
        { path: '/opt/tty.so', device: [4, 64] },
        { path: '/opt/nvidia0', device: [195, 0] },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'sparse-giant',
    part: 'files',
    what: 'a library of 8 TiB that takes no room',
    how: '`truncate -s 8T` in the entry point, with an ELF head',
    image: {
      wrapper: `head -c 4096 /bin/sh >${LIB}/libtorch_cuda.so; truncate -s 8T ${LIB}/libtorch_cuda.so
exec "$@"`,
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'deep-folders',
    part: 'files',
    what: 'folders 120 deep, whose path is longer than the longest that a call takes',
    how: 'the entry point makes them one in the other, with names of 40 characters and a library at the end',
    image: {
      wrapper: `cd /opt; i=0; while [ $i -lt 120 ]; do mkdir ${'d'.repeat(40)} && cd -P ${'d'.repeat(40)} || exit 9; i=$((i+1)); done
: >libcudnn.so.9.9.9
exec "$@"`,
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'many-files',
    part: 'files',
    what: '30,000 files and 3,000 folders that look like libraries',
    how: 'a layer of files `lib*.so` with an ELF head and nothing after it',
    image: {
      entries: many(30000, (at) => ({
        path: `/opt/${at % 3000}/lib${at}.so`,
        text: '\u007fELF\u0002\u0001\u0001',
      })),
    },
    limitSeconds: 90,
    inputs: { timeout: '60s' },
    expect: WORKS,
  }),
  imageRow({
    name: 'names-that-speak',
    part: 'files',
    what: 'file names with line feeds, escapes, workflow commands, HTML, bytes that are no UTF-8, 255 bytes long',
    how: 'libraries of those names in the CUDA folder, one of which the report has to name',
    image: {
      entries: [
        { path: `${LIB}/libcudnn.so.9.1.0\n::error::forged`, text: '\u007fELF' },
        { path: `${LIB}/libnccl.so.2.\u001b[2J##[error]forged`, text: '' },
        { path: `${LIB}/<script>alert(1)<`, text: '\u007fELF' },
        { path: `${LIB}/lib${'x'.repeat(240)}.so`, text: '\u007fELF' },
        { path: '/usr/lib/\u202elibcuda.so.1', text: '' },
        {
          path: '/usr/lib/python3/dist-packages/torch-2.4.0+cu121\n::error::forged.dist-info/METADATA',
          text: 'Name: torch\nVersion: 2.4.0\n::error::forged\n',
        },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'broken-files',
    part: 'files',
    what: 'ELF files, fat binaries, linker caches and Python metadata that are cut or lie about their sizes',
    how: 'random bytes after right heads: libraries, `/etc/ld.so.cache`, METADATA, `*.engine`',
    image: {
      entries: [
        ...many(60, (at) => ({
          path: `${LIB}/libbroken${at}.so`,
          text: Buffer.concat([
            Buffer.from('7f454c4602010100000000000000000003003e0001000000', 'hex'),
            Buffer.from(Array.from({ length: 40 + at * 7 }, (_, i) => (i * 193 + at * 71) & 0xff)),
          ]),
        })),
        { path: '/etc/ld.so.cache', text: `glibc-ld.so.cache1.1${'\u00ff'.repeat(400)}` },
        { path: '/opt/model.engine', text: 'ftrt\u0000\u00ff' },
        { path: '/opt/x.fatbin', text: Buffer.from('50ed55ba0100100000ffffffffffff7f', 'hex') },
        {
          path: '/usr/lib/python3/dist-packages/torch-2.4.0.dist-info/METADATA',
          text: 'Version'.repeat(9000),
        },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'unreadable-files',
    part: 'files',
    what: 'files and folders without any right to read, and an image user who is not root',
    how: 'mode 000, `USER 65534`',
    image: {
      user: '65534',
      entries: [
        { path: '/opt/secret', folder: true, mode: 0 },
        { path: '/opt/secret/libcudnn.so.9', text: '\u007fELF', mode: 0 },
        { path: `${LIB}/libcublas.so.12`, text: '\u007fELF', mode: 0 },
      ],
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'probe-is-there-already',
    part: 'files',
    what: 'has a file, or a link, where the probe is copied to',
    how: '`/cuda-image-probe` is a link to /etc/passwd; the probe must be what runs',
    image: { entries: [{ path: '/cuda-image-probe', link: '/etc/passwd' }] },
    expect: WORKS,
  }),
  imageRow({
    name: 'probe-is-a-folder',
    part: 'files',
    what: 'has a folder where the probe is copied to',
    how: '`/cuda-image-probe/` with a file in it',
    image: { entries: [{ path: '/cuda-image-probe/x', text: 'x' }] },
    expect: ENDED,
  }),
  imageRow({
    name: 'root-links-out',
    part: 'files',
    what: 'makes `/` hard to copy to: links of /etc, /tmp and /usr/local to places of the runner',
    how: '`/tmp` and `/mnt` are links to `/proc/1/root` and `../../../../etc`',
    image: {
      entries: [
        { path: '/mnt', link: '../../../../../../etc' },
        { path: '/srv', link: '/proc/1/root' },
      ],
    },
    expect: WORKS,
  }),
];
