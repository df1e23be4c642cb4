import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { assess } from '../../src/assess.js';
import { type Asked, askedFor, type JudgedOn, reportChanges } from '../../src/changed.js';
import { reportSchema } from '../../src/contract/report.js';
import { FACTS_SCHEMA, type HostFacts } from '../../src/core/facts.js';
import { canonical, type ImageReference } from '../../src/image/reference.js';
import { createFiles } from '../../src/platform/files.js';
import { createShell } from '../../src/platform/shell.js';
import { annotations } from '../../src/report/annotations.js';
import { summary } from '../../src/report/summary.js';
import { terminal } from '../../src/report/terminal.js';
import { createTemporaryRepository, type TemporaryRepository } from '../fakes/git.js';
import { CHANGED, FILES } from './fixture.js';

jest.setTimeout(60_000);

/** Two machines of a fleet; what they are is known, nothing ran on them. */
const FLEET: Readonly<Record<string, HostFacts>> = {
  old: {
    platform: 'linux/amd64',
    driver: { version: '535.104.05' },
    gpus: [{ index: 0, name: 'NVIDIA L4' }],
  },
  new: {
    platform: 'linux/amd64',
    driver: { version: '580.65.06' },
    gpus: [{ index: 0, name: 'NVIDIA H100 80GB HBM3' }],
  },
};
/** CUDA versions by tag, as the images' configurations say them. */
const CUDA: readonly (readonly [RegExp, string])[] = [
  [/13\.0\.0/, '13.0.0'],
  [/12\.4\.1|24\.05/, '12.4.1'],
  [/24\.10/, '12.6.2'],
  [/25\.03/, '12.8.1'],
  [/12\.1\.0/, '12.1.0'],
];

function judge(image: ImageReference): JudgedOn[] {
  const cuda = CUDA.find(([tag]) => tag.test(image.raw))?.[1];
  return Object.entries(FLEET).map(([profile, host]) => ({
    profile,
    image: assess(
      {
        schema: FACTS_SCHEMA,
        host,
        image: { reference: image.raw, env: {}, ...(cuda === undefined ? {} : { cuda }) },
      },
      'prediction',
    ),
  }));
}

let repository: TemporaryRepository;

beforeEach(() => {
  repository = createTemporaryRepository();
});
afterEach(() => repository.delete());

async function reportOn(change: () => void) {
  repository.write(FILES);
  const base = repository.commit();
  change();
  repository.commit();
  const answer = await askedFor(base, {
    shell: createShell({ PATH: process.env['PATH'] }),
    files: createFiles(),
    workspace: repository.folder,
    event: async () => undefined,
  });
  if (!answer.ok) throw new Error(answer.mistake.why);
  return { asked: answer.asked, ...judged(answer.asked) };
}

function judged(asked: Asked) {
  const all = [...asked.after, ...asked.before].map(
    (image) => [canonical(image), judge(image)] as const,
  );
  return reportChanges(asked, new Map(all), ['fails', 'unknown']);
}

describe('a pull request that changes three images', () => {
  it('says before and after for each machine, worst first, and fails for what got worse', async () => {
    const { report, exitCode, asked } = await reportOn(() => repository.write(CHANGED));
    expect(asked.after.map(({ raw }) => raw)).toEqual([
      'nvcr.io/nvidia/pytorch:25.03-py3',
      'nvidia/cuda:13.0.0-devel-ubuntu22.04',
      'nvidia/cuda:13.0.0-base-ubuntu22.04',
    ]);
    expect(
      report.changes?.images.map(
        ({ source, before, after, profiles }) =>
          `${source.file}:${source.line} ${before} → ${after} ${profiles
            .map((one) => `${one.profile} ${one.before} → ${one.after} ${one.outcome}`)
            .join('; ')}`,
      ),
    ).toEqual([
      '.github/workflows/ci.yml:9 nvcr.io/nvidia/pytorch:24.10-py3 → nvcr.io/nvidia/pytorch:25.03-py3 old works → works same; new works → works same',
      'Dockerfile:3 nvidia/cuda:12.4.1-devel-ubuntu22.04 → nvidia/cuda:13.0.0-devel-ubuntu22.04 old works → fails worse; new works → works same',
      'Dockerfile:3 nvidia/cuda:12.4.1-base-ubuntu22.04 → nvidia/cuda:13.0.0-base-ubuntu22.04 old works → fails worse; new works → works same',
    ]);
    expect([report.passed, exitCode]).toEqual([false, 1]);
    expect(reportSchema.safeParse(report).success).toBe(true);
  });

  it('finds an image again whatever way it is written in', async () => {
    const { report, exitCode } = await reportOn(() =>
      repository.write({
        'a/Dockerfile': 'FROM nvidia/cuda:13.0.0-base\n',
        'b/Dockerfile': 'FROM docker.io/nvidia/cuda:13.0.0-base\n',
      }),
    );
    expect(exitCode).toBe(1);
    expect(summary(report).split('\n')[0]).toMatch(/^## ❌ 2 of 2 changed images do not work: /);
    expect(annotations(report)).toMatchObject([{ level: 'error', file: 'a/Dockerfile' }]);
  });

  it('annotates the line that chose the image, and nothing else', async () => {
    const { report } = await reportOn(() => repository.write(CHANGED));
    const shown = annotations(report);
    expect(
      shown.map(({ level, file, startLine, startColumn, endColumn }) => [
        level,
        file,
        startLine,
        startColumn,
        endColumn,
      ]),
    ).toEqual([['error', 'Dockerfile', 3, 5, 16]]);
    expect(shown[0]?.message).toContain('2 images: nvidia/cuda:13.0.0-devel-ubuntu22.04');
  });

  it('has the table on its page, worst first, and in the terminal', async () => {
    const { report } = await reportOn(() => repository.write(CHANGED));
    const page = summary(report);
    expect(page.split('\n')[0]).toMatch(/^## ❌ 2 of 3 changed images got worse: /);
    expect(page.split('\n')[1]).toMatch(/^\*\*Next:\*\* /);
    const rows = page.split('\n').filter((line) => /^\| [✅❌❔]&nbsp;/u.test(line));
    expect(rows.map((row) => row.split(' | ').slice(0, 5).join(' | '))).toEqual([
      '| ❌&nbsp;worse | `Dockerfile:3` | `nvidia/cuda:12.4.1-devel-ubuntu22.04` → `nvidia/cuda:13.0.0-devel-ubuntu22.04` | old | works → fails: driver-too-old |',
      '| ❌&nbsp;worse | `Dockerfile:3` | `nvidia/cuda:12.4.1-base-ubuntu22.04` → `nvidia/cuda:13.0.0-base-ubuntu22.04` | old | works → fails: driver-too-old |',
      '| ✅&nbsp;the same | `.github/workflows/ci.yml:9` | `nvcr.io/nvidia/pytorch:24.10-py3` → `nvcr.io/nvidia/pytorch:25.03-py3` | old, new | works → works |',
      '| ✅&nbsp;the same | `Dockerfile:3` | `nvidia/cuda:12.4.1-devel-ubuntu22.04` → `nvidia/cuda:13.0.0-devel-ubuntu22.04` | new | works → works |',
      '| ✅&nbsp;the same | `Dockerfile:3` | `nvidia/cuda:12.4.1-base-ubuntu22.04` → `nvidia/cuda:13.0.0-base-ubuntu22.04` | new | works → works |',
    ]);
    const lines = terminal(report, { colour: false, width: 100 });
    expect(lines).toMatch(/^✗ 2 of 3 changed images got worse: /);
    expect(lines).toContain('worse  Dockerfile:3');
  });
});

describe('a pull request after which nothing is worse', () => {
  it('is quiet where it touches no image', async () => {
    const { report, exitCode, asked } = await reportOn(() =>
      repository.write({ 'main.py': 'x', Dockerfile: `# x\n${FILES['Dockerfile']}` }),
    );
    expect(asked.after).toEqual([]);
    expect([report.passed, exitCode, report.images]).toEqual([true, 0, []]);
    expect(annotations(report)).toEqual([]);
    expect(summary(report).split('\n')[0]).toBe('## ✅ no image changed');
    expect(summary(report).length).toBeLessThan(300);
  });

  it('is quiet where it mends one', async () => {
    repository.write({ ...FILES, ...CHANGED });
    const base = repository.commit();
    repository.write(FILES);
    repository.commit();
    const answer = await askedFor(base, {
      shell: createShell({ PATH: process.env['PATH'] }),
      files: createFiles(),
      workspace: repository.folder,
      event: async () => undefined,
    });
    if (!answer.ok) throw new Error(answer.mistake.why);
    const { report, exitCode } = judged(answer.asked);
    expect([report.passed, exitCode]).toEqual([true, 0]);
    expect(annotations(report)).toEqual([]);
    const page = summary(report);
    expect(page.split('\n')[0]).toBe('## ✅ nothing got worse: 3 images changed (2 better)');
    expect(page).toContain('✅&nbsp;better');
    expect(page).not.toContain('###');
  });

  it('is quiet about an image that failed before as well', async () => {
    const failing = { 'compose.yaml': 'services:\n  t:\n    image: nvidia/cuda:13.0.0-base\n' };
    repository.write(failing);
    const { report, exitCode } = await reportOn(() =>
      repository.write({ 'x/compose.yaml': 'services: {t: {image: "nvidia/cuda:12.4.1-base"}}\n' }),
    );
    expect([report.passed, exitCode]).toEqual([true, 0]);
  });
});

describe('what cannot be told', () => {
  it('is listed when it changed, and does not fail the step', async () => {
    const { report, exitCode } = await reportOn(() =>
      repository.write({ 'docker/Dockerfile.tools': 'ARG OTHER\nFROM ${OTHER}\n' }),
    );
    expect(report.changes?.unresolved).toMatchObject([
      { source: { file: 'docker/Dockerfile.tools', line: 2 }, text: '${OTHER}' },
    ]);
    expect(annotations(report).map(({ level }) => level)).toEqual(['notice']);
    expect(exitCode).toBe(0);
  });

  it('fails as unknown where a changed file cannot be read', async () => {
    const { report, exitCode } = await reportOn(() =>
      repository.write({ 'compose.yaml': 'services: [\n' }),
    );
    expect([report.passed, exitCode]).toEqual([false, 2]);
    expect(annotations(report)).toMatchObject([
      { level: 'error', file: 'compose.yaml', title: 'Could not be read: compose.yaml' },
    ]);
    expect(summary(report)).toMatch(/^## ❔ could not tell: compose.yaml:2 cannot be read: /);
  });

  it('cannot break out of the page or the log', async () => {
    const evil = '${X}|`<img src=x>\\\\n::error::y';
    const { report } = await reportOn(() =>
      repository.write({
        'compose.yaml': `services:\n  a: {image: ${JSON.stringify(`${evil}`)}}\n`,
        '::error::z <b>/Dockerfile': 'FORM x\n',
      }),
    );
    const page = summary(report);
    expect(page).not.toContain('<img');
    // Within code, which takes no markup, it may stand.
    expect(page.replace(/`[^`]*`/g, '')).not.toContain('<b>');
    for (const line of terminal(report, { colour: false, width: 60 }).split('\n')) {
      expect(line.trimStart()).not.toMatch(/^::/);
    }
  });
});
