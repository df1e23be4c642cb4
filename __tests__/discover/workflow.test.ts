import { describe, expect, it } from '@jest/globals';
import { cutOut, listing } from './listing.js';

const WORKFLOW = '.github/workflows/ci.yml';
const list = (...lines: string[]) => listing(WORKFLOW, lines.join('\n'));
const job = (...lines: string[]) => list('jobs:', '  a:', ...lines.map((line) => `    ${line}`));
const script = (...lines: string[]) =>
  job('steps:', '  - run: |', ...lines.map((line) => `      ${line}`));

describe('a job', () => {
  it('has a container as text or map, services and docker:// steps', () => {
    const text = [
      'on: push',
      'jobs:',
      '  a:',
      '    container: "nvidia/cuda:1"',
      '    services:',
      '      db: {image: postgres:16}',
      '    steps:',
      '      - uses: docker://alpine:3',
      '      - uses: actions/checkout@v4',
      '  b:',
      '    container:',
      '      image: nvcr.io/x/y:2',
    ].join('\n');
    expect(listing(WORKFLOW, text)).toEqual([
      '4:17 jobs.a.container = docker.io/nvidia/cuda:1',
      '6:19 jobs.a.services.db = docker.io/library/postgres:16',
      '8:24 jobs.a.steps.#0.uses = docker.io/library/alpine:3',
      '12:14 jobs.b.container = nvcr.io/x/y:2',
    ]);
    expect(cutOut(WORKFLOW, text)).toEqual([
      'nvidia/cuda:1',
      'postgres:16',
      'alpine:3',
      'nvcr.io/x/y:2',
    ]);
  });

  it('resolves a matrix that is written out, each value at its own line', () => {
    expect(
      job(
        'strategy:',
        '  matrix:',
        '    image:',
        '      - a:1',
        "      - 'b:2'",
        '    cuda: ["12.4", 12.10]',
        '    include:',
        '      - image: c:3',
        'container: ${{ matrix.image }}',
        'services:',
        '  x: {image: "nvidia/cuda:${{ matrix.cuda }}-base"}',
      ),
    ).toEqual([
      '6:13 jobs.a.container matrix #0 = docker.io/library/a:1',
      '7:14 jobs.a.container matrix #1 = docker.io/library/b:2',
      '10:20 jobs.a.container matrix #2 = docker.io/library/c:3',
      '8:17 jobs.a.services.x matrix #0 = docker.io/nvidia/cuda:12.4-base',
      // A number loses its last zero on the way.
      '8:24 jobs.a.services.x matrix #1 = docker.io/nvidia/cuda:12.1-base',
      '13:19 jobs.a.services.x = ? it is no image reference: the tag may have up to 128 letters, digits, "_", "." and "-", and may not begin with "." or "-"',
    ]);
  });

  it('makes the combinations that GitHub makes', () => {
    expect(
      job(
        'strategy:',
        '  matrix:',
        '    os: [u, v]',
        '    cuda: [a, b]',
        '    exclude: [{os: v, cuda: b}]',
        '    include: [{os: u, extra: z}, {os: w, cuda: c}]',
        'container: x/${{ matrix.os }}:${{ matrix.cuda }}${{ matrix.extra }}',
      ).map((line) => line.replace(/^.*= /, '')),
    ).toEqual(['docker.io/x/u:az', 'docker.io/x/u:bz', 'docker.io/x/v:a', 'docker.io/x/w:c']);
  });

  it('takes maps of a matrix, and no container where it is empty', () => {
    expect(
      job(
        'strategy:',
        '  matrix:',
        '    include:',
        '      - {name: x, c: {image: a:1, options: --gpus all}}',
        '      - {name: y, c: ""}',
        'container: ${{ matrix.c }}',
      ),
    ).toEqual(['6:34 jobs.a.container matrix #0 = docker.io/library/a:1']);
  });

  it.each([
    ['${{ inputs.image }}', 'only the running workflow knows ${{ inputs.image }}'],
    ['${{ matrix.image }}', 'only the running workflow knows ${{ matrix.image }}'],
    ['${{ env.IMAGE || 1 }}', 'only the running workflow knows ${{ env.IMAGE || 1 }}'],
    ['${{ a', 'a "${{" in it is not closed'],
  ])('lists %s as not resolved', (text, why) => {
    expect(job('strategy: {matrix: "${{ fromJSON(x) }}"}', `container: "${text}"`)).toEqual([
      `4:17 jobs.a.container = ? ${why}`,
    ]);
  });

  it('has the problem of a broken file, with its line, and what could be read', () => {
    const lines = list('jobs:', '  a:', '    container: a:1', '  b: [', '  c: {');
    expect(lines[0]).toBe('3:16 jobs.a.container = docker.io/library/a:1');
    expect(lines.at(-1)).toMatch(/^5:\d+ ! /);
  });
});

describe('a script', () => {
  it.each([
    ['docker run --rm -it --gpus all -v /a:/b -e A=1 img:1 python x.py', 'img:1'],
    ['docker run -itv /a:/b -p80:80 --shm-size=8g --name x img:1 -v y', 'img:1'],
    ['sudo -E docker --context x run img:1', 'img:1'],
    ['FOO=1 docker container run -- img:1', 'img:1'],
    ['if ! podman pull --quiet img:1; then exit 1; fi', 'img:1'],
    ['docker pull -a img', 'img'],
    ['docker run -a stdout img:1', 'img:1'],
    ['/usr/bin/nerdctl create "img:1"', 'img:1'],
    ['cid=$(docker run -d img:1)', 'img:1'],
    ['cid="$(docker run -d \'img:1\')"', 'img:1'],
    ['x=`docker run img:1 echo`', 'img:1'],
    ['timeout 60 docker run --label "a b" img:1 2>&1 | tee log', 'img:1'],
    ['docker pull 2>/dev/null img:1', 'img:1'],
    ['docker run "im"g:1', '"im"g:1'],
  ])('%s', (line, image) => {
    const text = `jobs:\n  a:\n    steps:\n      - run: |\n          set -e\n          ${line}\n`;
    expect(cutOut(WORKFLOW, text)).toEqual([image]);
    expect(listing(WORKFLOW, text)).toEqual([
      `6:${11 + line.indexOf(image)} jobs.a.steps.#0.run #0 = docker.io/library/img${/:1/.test(image) ? ':1' : ''}`,
    ]);
  });

  it('follows continued lines', () => {
    expect(
      script('docker run \\', '  --rm \\', '  img:1 \\', '  cmd', 'docker pull other:2'),
    ).toEqual([
      '7:13 jobs.a.steps.#0.run #0 = docker.io/library/img:1',
      '9:23 jobs.a.steps.#0.run #1 = docker.io/library/other:2',
    ]);
  });

  it.each([
    'echo "docker run img:1"',
    'echo docker run img:1',
    '# docker run img:1',
    'docker build -t img:1 .',
    'docker run',
    'docker ps run img',
    "cat > x <<'EOF'\n          docker run img:1\n          EOF",
  ])('finds nothing in %s', (line) => {
    expect(
      cutOut(WORKFLOW, `jobs:\n  a:\n    steps:\n      - run: |\n          ${line}\n`),
    ).toEqual([]);
  });

  it('resolves env and matrix, and lists what only the job knows', () => {
    expect(
      list(
        'env: {BASE: "nvcr.io/x", TAG: "1"}',
        'jobs:',
        '  a:',
        '    env: {TAG: "2"}',
        '    strategy: {matrix: {py: [cp310, cp311]}}',
        '    steps:',
        '      - env: {IMAGE: "${{ env.BASE }}/y:${{ matrix.py }}"}',
        '        run: |',
        '          docker run "$IMAGE"',
        '          docker run ${{ env.BASE }}/z:$TAG',
        '          docker run $OTHER cmd',
        '          docker run $(cat name)',
        '          TAG=3; docker run x:${TAG}',
        "          docker run 'x:$TAG'",
        '          docker run --frobnicate x y:1',
      ),
    ).toEqual([
      '5:30 jobs.a.steps.#0.run #0 matrix #0 = nvcr.io/x/y:cp310',
      '5:37 jobs.a.steps.#0.run #0 matrix #1 = nvcr.io/x/y:cp311',
      "10:22 jobs.a.steps.#0.run #1 = ? the script's variable TAG gets its value while the job runs",
      "11:22 jobs.a.steps.#0.run #2 = ? the script's variable OTHER gets its value while the job runs",
      '12:22 jobs.a.steps.#0.run #3 = ? it is the output of a command',
      "13:29 jobs.a.steps.#0.run #4 = ? the script's variable TAG gets its value while the job runs",
      '14:23 jobs.a.steps.#0.run #5 = ? a variable in it is filled in by another program',
      '15:22 jobs.a.steps.#0.run #6 = ? whether its option --frobnicate has a value is not known here',
    ]);
  });

  it('is found in folded, quoted and plain scalars too', () => {
    const text = [
      'jobs:',
      '  a:',
      '    steps:',
      '      - run: >-',
      '          docker run',
      '          --rm img:1',
      '      - run: docker pull img:2',
      '      - run: "docker pull img:3"',
      '      - run: "docker \\',
      '          pull img:4"',
      '      - shell: python',
      '        run: docker pull img:5',
    ].join('\n');
    expect(
      listing(WORKFLOW, text).map((line) => line.replace(/ jobs.*= docker.io.library/, '')),
    ).toEqual(['6:16/img:1', '7:26/img:2', '8:27/img:3', '10:16/img:4']);
  });
});

describe('an action', () => {
  it('has docker:// images and scripts', () => {
    expect(listing('sub/action.yml', 'runs:\n  using: docker\n  image: docker://a:1\n')).toEqual([
      '3:19 runs.image = docker.io/library/a:1',
    ]);
    expect(listing('action.yml', 'runs:\n  using: docker\n  image: Dockerfile\n')).toEqual([]);
    expect(
      listing(
        'action.yml',
        'runs:\n  using: composite\n  steps:\n    - run: docker run ${{ inputs.image }}\n    - run: docker run b:2\n',
      ),
    ).toEqual([
      '4:23 runs.steps.#0.run #0 = ? only the running workflow knows ${{ inputs.image }}',
      '5:23 runs.steps.#1.run #0 = docker.io/library/b:2',
    ]);
  });
});
