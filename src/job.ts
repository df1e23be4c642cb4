import { resolve } from 'node:path';
import type { ChangedWorld, JudgedOn } from './changed.js';
import { type CheckRequest, check } from './check.js';
import { decide } from './core/policy.js';
import { createCliEngine } from './engine/cli.js';
import { ENGINE_NAMES, type EngineName } from './engine/engine.js';
import { canonical, type ImageReference } from './image/reference.js';
import type { InputMistake, Inputs } from './inputs.js';
import type { Clock, Files, Progress } from './platform/ports.js';
import { loadPrograms, type ProbePrograms } from './probe/program.js';
import type { RegistryReader } from './registry/reader.js';
import type { Format } from './report/formats/names.js';
import { REPORT_SCHEMA, type Report } from './report/report.js';
import { counted } from './report/waived.js';
import { sweep, sweepDead } from './sweep.js';
import { withWaivers } from './waiver-file.js';

/** Exit code for wrong use: a bad input, a missing engine, a place that cannot be written. */
export const WRONG_USE = 3;
/** Exit code of a run that was cancelled: it could not tell. */
const CANCELLED = 2;

export interface JobWorld extends ChangedWorld {
  readonly clock: Clock;
  /** Folder of the bundle, with the probe's programs in `probe/`. */
  readonly dist: string;
  readonly runId: string;
  readonly progress: Progress;
  /** Awaited before the first container is made: who cleans up after a crash must know of this run. */
  readonly recorded: Promise<void>;
  /** Whether a step of its own cleans up afterwards, see `cleanUpAfter`; without one, the run itself looks for what dead ones left. */
  readonly hasPostStep: boolean;
  /** Called when a container has been started and there is time to prepare what comes after. */
  readonly whileWaiting: () => void;
  /** Aborted when the run is to end early. */
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface JobOutcome {
  readonly report: Report;
  readonly exitCode: number;
  /** Removes what is left; resolves to warnings. The process must not end before. */
  readonly cleanUp: () => Promise<string[]>;
}

/**
 * What is wrong around the inputs, asked before any container starts: the engine's program where one is needed, the places of report
 * and formats.
 * @param places path by the input that names it.
 */
export async function mistakesAround(
  { engine }: { readonly engine?: EngineName | undefined },
  places: Places,
  { shell, files }: Pick<JobWorld, 'shell' | 'files'>,
): Promise<InputMistake[]> {
  const [program, unwritable] = await Promise.all([
    engine === undefined ? undefined : shell.find(engine),
    unwritablePlaces(places, files),
  ]);
  const mistakes: InputMistake[] = [];
  if (program === undefined && engine !== undefined) {
    const others = await Promise.all(
      ENGINE_NAMES.map(async (name) => ((await shell.find(name)) === undefined ? [] : [name])),
    );
    const present = others.flat();
    mistakes.push({
      input: 'engine',
      value: engine,
      why: 'there is no such program in PATH',
      allowed: `${ENGINE_NAMES.join(', ')}, with its program in PATH`,
      fix:
        present.length === 0
          ? `install ${engine} on the runner, or run the job where a container engine is`
          : `install ${engine} on the runner, or use engine: ${present.join(' or ')}`,
    });
  }
  if (program !== undefined && engine === 'docker' && (await startsPodman(program, files))) {
    mistakes.push({
      input: 'engine',
      value: engine,
      why: `${program} starts Podman, which takes Docker’s --gpus and gives the container none`,
      allowed: ENGINE_NAMES.join(', '),
      fix: 'use engine: podman',
    });
  }
  return [...mistakes, ...unwritable];
}

/** Where a run's files go: path by the input that names it. */
export type Places = Readonly<Partial<Record<'report' | Format, string>>>;

/** The places that cannot be written, and those that two files would share. */
export async function unwritablePlaces(
  places: Places,
  files: Pick<Files, 'whyNotWritable'>,
): Promise<InputMistake[]> {
  const all = Object.entries(places);
  const mistakes = await Promise.all(
    all.map(async ([input, path], at): Promise<InputMistake[]> => {
      const allowed = 'a file in a folder that can be written';
      const first = all.slice(0, at).find(([, other]) => resolve(other) === resolve(path));
      if (first !== undefined) {
        const why = `${first[0]} goes to the same file`;
        return [
          { input, value: path, why, allowed: 'a file of its own', fix: 'name another file' },
        ];
      }
      const why = await files.whyNotWritable(path);
      const fix = 'name another place, for example under the runner’s temporary folder';
      return why === undefined
        ? []
        : [{ input, value: path, why: `the file cannot be written: ${why}`, allowed, fix }];
    }),
  );
  return mistakes.flat();
}

/** Whether a program is the script of the package podman-docker, `/usr/bin/docker`. */
async function startsPodman(program: string, files: Pick<Files, 'readStream'>): Promise<boolean> {
  try {
    for await (const chunk of files.readStream(program)) {
      const start = Buffer.from(chunk).toString('latin1');
      return start.startsWith('#!') && /\bpodman\b/.test(start);
    }
  } catch {
    // Executable, and not readable: then it is what its name says.
  }
  return false;
}

/** The inputs, and for a scan the runner that it is judged against in the place of the GPUs. */
export type JobInputs = Omit<Inputs, 'gpus'> & Pick<CheckRequest, 'gpus' | 'runner' | 'waiverFile'>;

/**
 * Checks all images and decides. Containers are removed when this returns, or by `cleanUp` at the latest.
 * @throws WrongUse before any container is made, where the installation is damaged
 * @param waives whether the waivers are held against the judgements here.
 */
async function runJob(inputs: JobInputs, world: JobWorld, waives = true): Promise<JobOutcome> {
  const engine = createCliEngine(inputs.engine, world.shell, world.clock, world.files);
  const programs = programsOf(world);
  // One for all images: what they share is asked for once.
  let reader: RegistryReader | undefined;
  // Whoever needs them meets the failure; where no image comes that far, nobody does.
  programs.catch(() => {});
  try {
    const { images, released } = await check(inputs, {
      ...world,
      engine,
      programs,
      registry: async () => {
        const { createRegistryReader } = await import(/* webpackIgnore: true */ './registry.js');
        reader ??= createRegistryReader(world);
        return reader;
      },
    });
    await reader?.settled();
    const judged = await withWaivers(images, waives ? inputs.waiverFile : undefined);
    const policy = decide(judged.images.map(counted), inputs.failOn);
    const cancelled = world.signal.aborted;
    return {
      report: { schema: REPORT_SCHEMA, passed: policy.passed && !cancelled, ...judged },
      exitCode: cancelled ? CANCELLED : policy.exitCode,
      cleanUp: async () => {
        const dead = cancelled || world.hasPostStep ? [] : sweepDead(engine, world.clock.now());
        const [unremoved, told] = await Promise.all([released, dead]);
        const problems = unremoved.map(({ text }) => text);
        if (cancelled || unremoved.some(({ underWay }) => !underWay))
          return [...problems, ...(await sweep(engine, world.runId, world.clock.now()))];
        return [...problems, ...told];
      },
    };
  } catch (error) {
    await sweep(engine, world.runId, world.clock.now());
    throw error;
  }
}

/** The judgements of the images that a change touches, by the reference in full. */
export interface ChangesJudged {
  readonly judged: ReadonlyMap<string, readonly JudgedOn[]>;
  readonly cleanUp: JobOutcome['cleanUp'];
}

/** Judges images before and after a change: on this runner, or for every machine of a fleet. */
export type JudgeChanges = (images: {
  readonly after: readonly ImageReference[];
  readonly before: readonly ImageReference[];
}) => Promise<ChangesJudged>;

/**
 * Judges the images that the repository's files name and that the change touches, see `askedFor`.
 * @throws WrongUse where the repository cannot be compared, before anything is judged
 */
export async function runChanged(
  { base, failOn, waiverFile }: Pick<JobInputs, 'base' | 'failOn' | 'waiverFile'>,
  world: ChangedWorld & Pick<JobWorld, 'progress' | 'signal'>,
  judge: JudgeChanges,
): Promise<JobOutcome> {
  const { askedFor, reportChanges, waiveJudged } = await import(
    /* webpackIgnore: true */ './changed.js'
  );
  const answer = await askedFor(base, world);
  if (!answer.ok) throw new WrongUse(answer.mistake);
  const { asked } = answer;
  const { judged, cleanUp } = await judge(asked);
  const waived = await waiveJudged(judged, asked.after, waiverFile);
  const { report, exitCode } = reportChanges(asked, waived.judged, failOn);
  const cancelled = world.signal.aborted;
  return {
    report: { ...report, ...waived.told, passed: report.passed && !cancelled },
    exitCode: cancelled ? CANCELLED : exitCode,
    cleanUp,
  };
}

/** The machine that a job judges for: where it runs, or for a scan the one that was described. */
const machineOf = ({ gpus }: JobInputs): string =>
  gpus === undefined ? 'the given runner' : 'this runner';

/**
 * Checks the changed images for real. What was there before is not checked: the runner would have to pull it only to tell what is known
 * already.
 */
const checkChanged =
  (inputs: JobInputs, world: JobWorld): JudgeChanges =>
  async ({ after }) => {
    if (after.length === 0) return { judged: new Map(), cleanUp: async () => [] };
    // Waivers are held against the images of all places at once, afterwards.
    const { report, cleanUp } = await runJob({ ...inputs, images: after }, world, false);
    return {
      judged: new Map(
        report.images.map((image, at) => [
          canonical(after[at] as ImageReference),
          [{ profile: machineOf(inputs), image }],
        ]),
      ),
      cleanUp,
    };
  };

/** What the inputs ask for: the named images, or those that the change touches. */
export const runInputs = (inputs: JobInputs, world: JobWorld): Promise<JobOutcome> =>
  inputs.auto ? runChanged(inputs, world, checkChanged(inputs, world)) : runJob(inputs, world);

/** What was asked for cannot be done, which only showed once it was tried. */
export class WrongUse extends Error {
  readonly mistake: InputMistake;

  constructor(mistake: InputMistake) {
    super(mistakeText(mistake));
    this.mistake = mistake;
  }
}

/** The probe's programs are not those that were released. */
class DamagedInstallation extends WrongUse {}

async function programsOf({ files, dist }: JobWorld): Promise<ProbePrograms> {
  const loaded = await loadPrograms(files, `${dist}/probe`);
  if (loaded.ok) return loaded.programs;
  throw new DamagedInstallation({
    input: 'installation',
    value: `${dist}/probe/${loaded.file}`,
    why: loaded.why,
    allowed: 'the file that was released',
    fix: 'check out the action again, or install the package again',
  });
}

/** A mistake as one line: input, value, what is allowed, what to do. */
export const mistakeText = ({ input, value, why, allowed, fix }: InputMistake): string =>
  `${input}: "${value}": ${why}. Allowed: ${allowed}. To fix: ${fix}.`;
