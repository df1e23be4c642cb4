import { join, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Facts } from './core/facts.js';
import { createCliEngine } from './engine/cli.js';
import { compareProfile, ownName, recordProfile, splitPlace } from './fleet.js';
import { HOST_OPTIONS, type ParsedHost, parseHostOptions } from './host-options.js';
import {
  INPUT_NAMES,
  type InputMistake,
  type InputName,
  type ParsedInputs,
  parseInputs,
} from './inputs.js';
import {
  type JobWorld,
  mistakesAround,
  mistakeText,
  type Places,
  runChanged,
  runInputs,
  unwritablePlaces,
  WRONG_USE,
  WrongUse,
} from './job.js';
import { predict } from './predict.js';
import { predictChanges, predictImages, REGISTRY_CONCURRENCY } from './predict-images.js';
import { createProgressLine, wantsColour } from './progress-line.js';
import { FORMAT_NAMES } from './report/formats/names.js';
import type { Explanation, Report } from './report/report.js';
import { terminalLine } from './report/untrusted.js';
import { FLEET_FILE, RUNNER_OPTIONS } from './runner-options.js';
import { type ReadWaivers, readWaivers } from './waiver-file.js';

export interface CommandWorld
  extends Omit<
    JobWorld,
    'progress' | 'recorded' | 'hasPostStep' | 'whileWaiting' | 'signal' | 'runId'
  > {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /** Asked for once there is something to clean up: until then a signal ends the program as usual. */
  readonly signal: () => AbortSignal;
  readonly runId: () => string;
}

export interface TextSink {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
}

const HELP = `cuda-image-check: does this image work on this machine's NVIDIA driver and GPUs?

  cuda-image-check check IMAGE... [options]         pull, probe with --gpus all, judge, report
  cuda-image-check check auto [--base REF]          the same for images that the repository's files name
  cuda-image-check scan IMAGE... [options]          pull, read the image's files, judge: no GPU
  cuda-image-check predict IMAGE... [options]       judge from what the registry tells: no engine, no GPU
  cuda-image-check predict auto [--base REF]        the same for those images, before against after
  cuda-image-check predict --facts FILE... [--json] judge recorded facts: no network, no engine
  cuda-image-check fleet --check [FILE] --profile NAME
                                                    is the profile still what this machine is?
  cuda-image-check explain [FILE|-] [--facts FILE] [--json]
                                                    name the cause in a log; - is standard input

Options of check
  --write-profile FILE[:NAME]  record this machine in a fleet file
  --base REF                   with auto: only images that differ from this commit or branch
  --gpus all|N|device=LIST     GPUs to give to the container (all)
Options of scan and predict: the runner to judge against; without it scan only tells a certain failure
  --driver VERSION             its driver: 535.104.05, or a branch: 535
  --gpu NAME                   a GPU as nvidia-smi -L names it; may be repeated
  --compute-capability X.Y     in place of a name, or for a name that is not known
Options of check and scan
  --engine docker|podman|nerdctl                    (docker)
  --pull always|missing|never|unless-certain        (missing)
  --pull-timeout TIME          limit of one pull    (30m)
  --timeout TIME               limit of one probe   (5m)
  --container-options TEXT     as for docker run: --shm-size 8g --ulimit memlock=-1
  --concurrency N              images at once       (4)
Options of predict
  --platform OS/ARCHITECTURE   (linux/amd64)
  --fleet FILE                 profiles of runners  (.github/gpu-fleet.yml, where it is there)
  --profile NAME               only this one; may be repeated
Options of check, scan and predict
  --fail-on LIST|never         verdicts that fail   (fails,unknown)
  --waivers FILE|none          accepted findings    (.github/gpu-waivers.yml, where it is there)
  --json                       print the report as JSON and nothing else
  --json=FILE                  write the report to FILE
  --sarif=FILE --junit=FILE --html=FILE --markdown=FILE
                               write it in this format too
General
  --help  --version

Exit codes: 0 passed, 1 an image fails, 2 could not tell, 3 wrong use.
`;

const COMMANDS = ['check', 'scan', 'predict', 'fleet', 'explain'] as const;

/** What the commands stand for, and options of other commands. */
const NOT_OF_CHECK: readonly string[] = [
  'images',
  'mode',
  ...RUNNER_OPTIONS,
  'annotations',
  'comment',
  'check-run',
  'token',
  'matrix',
];
const INPUT_OPTIONS = INPUT_NAMES.filter((name) => !NOT_OF_CHECK.includes(name));

/** Options of the command line by command; those of `check` are inputs of the action. */
const VALUE_OPTIONS: Readonly<Record<(typeof COMMANDS)[number], readonly string[]>> = {
  check: [...INPUT_OPTIONS, 'write-profile'],
  scan: [...INPUT_OPTIONS.filter((name) => name !== 'gpus'), ...HOST_OPTIONS],
  predict: [
    'facts',
    'base',
    'fail-on',
    'waivers',
    'report',
    'concurrency',
    ...FORMAT_NAMES,
    ...RUNNER_OPTIONS,
  ],
  fleet: ['profile', 'engine'],
  explain: ['facts', 'report'],
};

const TERMINAL_COLUMNS = { least: 60, most: 120 };

/** Runs one command. Returns the exit code; writes only to the sinks and to files named in the arguments. */
export async function commandLine(argv: readonly string[], world: CommandWorld): Promise<number> {
  const [name, ...rest] = argv;
  const before = argv.indexOf('--') === -1 ? argv : argv.slice(0, argv.indexOf('--'));
  if (name === undefined || before.includes('--help') || before.includes('-h') || name === 'help') {
    world[name === undefined ? 'stderr' : 'stdout'].write(HELP);
    return name === undefined ? WRONG_USE : 0;
  }
  if (name === '--version') {
    world.stdout.write(`${await version(world)}\n`);
    return 0;
  }
  const command = COMMANDS.find((one) => one === name);
  if (command === undefined) {
    return refuse(world, [
      {
        input: 'command',
        value: name,
        why: 'there is no such command',
        allowed: COMMANDS.join(', '),
        fix: 'see cuda-image-check --help',
      },
    ]);
  }
  const parsed = parse(command, rest);
  if (!parsed.ok) return refuse(world, [parsed.mistake]);
  switch (command) {
    case 'check':
    case 'scan':
      return refused(imagesCommand(command, parsed.arguments, world), world);
    case 'predict':
      return parsed.arguments.values.has('facts')
        ? predictCommand(parsed.arguments, world)
        : refused(predictImagesCommand(parsed.arguments, world), world);
    case 'fleet':
      return fleetCommand(parsed.arguments, world);
    case 'explain':
      return explainCommand(parsed.arguments, world);
  }
}

/** The exit code of a command, also where it found out only at work that it was used wrongly. */
const refused = (command: Promise<number>, world: CommandWorld): Promise<number> =>
  command.catch((error: unknown) => {
    if (error instanceof WrongUse) return refuse(world, [error.mistake]);
    throw error;
  });

/** Of the package that the bundle is part of. */
async function version({ files, dist }: CommandWorld): Promise<string> {
  const text = await files.readText(join(dist, '..', 'package.json'));
  const { version: found } = text === undefined ? {} : (JSON.parse(text) as { version?: unknown });
  return typeof found === 'string' ? found : 'unknown';
}

const CONTAINER_OPTIONS = '--container-options';

interface Arguments {
  readonly json: boolean;
  /** `--check` of `fleet`. */
  readonly check: boolean;
  /** Values of each option, in order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  /** Values of `--facts` and positionals, in the order of the arguments. */
  readonly files: readonly string[];
}

function parse(
  command: (typeof COMMANDS)[number],
  args: readonly string[],
): { ok: true; arguments: Arguments } | { ok: false; mistake: InputMistake } {
  const end = args.indexOf('--');
  // `--json` stands alone or has a value, which parseArgs does not know: with a value it is `report`.
  const spelled = args.map((word, at) =>
    (end === -1 || at < end) && word.startsWith('--json=')
      ? `--report=${word.slice('--json='.length)}`
      : word,
  );
  // Its values begin with a hyphen, which parseArgs refuses as a word of its own.
  for (let at = 0; at < (end === -1 ? args.length : end) && at + 1 < spelled.length; at += 1) {
    if (spelled[at] === CONTAINER_OPTIONS) {
      spelled.splice(at, 2, `${CONTAINER_OPTIONS}=${spelled[at + 1]}`);
    }
  }
  const takes = VALUE_OPTIONS[command];
  const options: NonNullable<ParseArgsConfig['options']> = {
    json: { type: 'boolean' },
    ...(command === 'fleet' ? { check: { type: 'boolean' as const } } : {}),
    ...Object.fromEntries(takes.map((option) => [option, { type: 'string', multiple: true }])),
  };
  try {
    const { tokens } = parseArgs({
      args: spelled,
      allowPositionals: true,
      tokens: true,
      options,
    });
    const values = new Map<string, string[]>();
    const positionals: string[] = [];
    const files: string[] = [];
    let json = false;
    let check = false;
    for (const token of tokens) {
      if (token.kind === 'positional') {
        positionals.push(token.value);
        files.push(token.value);
      } else if (token.kind === 'option' && token.name === 'json') {
        json = true;
      } else if (token.kind === 'option' && token.name === 'check') {
        check = true;
      } else if (token.kind === 'option') {
        values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
        if (token.name === 'facts') files.push(token.value ?? '');
      }
    }
    return { ok: true, arguments: { json, check, values, positionals, files } };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const value = /'([^']*)'/.exec(text)?.[1] ?? spelled.join(' ');
    return {
      ok: false,
      mistake: {
        input: command,
        value,
        why: /argument missing|ambiguous/.test(text)
          ? 'this option needs a value'
          : `${command} takes no such option`,
        allowed: [...takes.filter((option) => option !== 'report'), 'json']
          .map((option) => `--${option}`)
          .join(', '),
        fix: 'see cuda-image-check --help',
      },
    };
  }
}

async function imagesCommand(
  command: 'check' | 'scan',
  args: Arguments,
  world: CommandWorld,
): Promise<number> {
  const parsed = parseInputs((name: InputName) =>
    name === 'images' ? args.positionals.join('\n') : args.values.get(name)?.join('\n'),
  );
  const runner = await runnerOf(args);
  const mistakes = [
    ...(parsed.ok ? [] : parsed.mistakes),
    ...(runner.ok ? [] : runner.mistakes),
    ...(parsed.ok ? await mistakesAround(parsed.inputs, placesOf(args), world) : []),
  ];
  const waivers = await waiversOf(parsed, world);
  if (!waivers.ok) mistakes.push(...waivers.mistakes);
  const place = args.values.get('write-profile')?.at(-1);
  const recording = place === undefined ? undefined : splitPlace(place, ownName(world.env));
  mistakes.push(...(await unwritable(recording?.file, world, '--write-profile')));
  if (!parsed.ok || !runner.ok || !waivers.ok || mistakes.length > 0)
    return refuse(world, mistakes);
  const inputs = { ...parsed.inputs, waiverFile: waivers.file };
  const request = command === 'scan' ? { ...inputs, gpus: undefined, runner: runner.host } : inputs;
  const { progress, end } = createProgressLine(world.stderr, world.env, world.clock);
  const { report, exitCode, cleanUp } = await runInputs(request, {
    ...world,
    progress,
    recorded: Promise.resolve(),
    hasPostStep: false,
    whileWaiting: () => {},
    signal: world.signal(),
    runId: world.runId(),
  }).finally(end);
  const cleaning = cleanUp();
  if (recording !== undefined) {
    await complain(
      world,
      await recordProfile(recording, report.images[0]?.facts.host, world.files),
    );
  }
  await show(report, args, world);
  for (const problem of await cleaning) {
    world.stderr.write(`container not removed: ${terminalLine(problem, MAX_COMPLAINT)}\n`);
  }
  return exitCode;
}

/** The waivers that inputs ask for; none where the inputs are wrong anyway. */
const waiversOf = async (parsed: ParsedInputs, world: CommandWorld): Promise<ReadWaivers> =>
  parsed.ok ? readWaivers(parsed.inputs.waivers, world) : { ok: true };

/** The runner that the options describe; the tables of GPU names are loaded only where one is to be looked up. */
async function runnerOf({ values }: Arguments): Promise<ParsedHost> {
  const { capabilityOfName } = values.has('gpu')
    ? await import(/* webpackIgnore: true */ './work.js')
    : { capabilityOfName: () => undefined };
  return parseHostOptions((name) => values.get(name), capabilityOfName);
}

async function predictCommand(args: Arguments, world: CommandWorld): Promise<number> {
  // The images are those of the facts; the rest of the inputs has its defaults.
  const parsed = parseInputs((name) =>
    name === 'images'
      ? 'facts'
      : ['fail-on', 'waivers', ...FORMAT_NAMES].includes(name)
        ? args.values.get(name)?.join('\n')
        : undefined,
  );
  const mistakes: InputMistake[] = parsed.ok ? [] : [...parsed.mistakes];
  const others = RUNNER_OPTIONS.filter((name) => args.values.has(name));
  if (others.length > 0) {
    mistakes.push({
      input: '--facts',
      value: args.files.join(' '),
      why: `facts have a runner of their own, and ${others.map((name) => `--${name}`).join(', ')} describes another`,
      allowed: '--facts, or images with a runner',
      fix: 'leave one of them out',
    });
  }
  if (parsed.ok) mistakes.push(...(await unwritablePlaces(placesOf(args), world.files)));
  const waivers = await waiversOf(parsed, world);
  if (!waivers.ok) mistakes.push(...waivers.mistakes);
  if (!parsed.ok || !waivers.ok || mistakes.length > 0) return refuse(world, mistakes);

  const { report, exitCode, problems } = await predict(
    args.files,
    { failOn: parsed.inputs.failOn, waiverFile: waivers.file },
    world.files,
  );
  await complain(world, problems);
  if (report.images.length > 0) await show(report, args, world);
  return problems.length > 0 ? WRONG_USE : exitCode;
}

async function predictImagesCommand(args: Arguments, world: CommandWorld): Promise<number> {
  const parsed = parseInputs((name) => {
    if (name === 'images') return args.positionals.join('\n');
    if (name === 'concurrency' && !args.values.has(name)) return `${REGISTRY_CONCURRENCY}`;
    return ['base', 'fail-on', 'waivers', 'concurrency', ...FORMAT_NAMES].includes(name)
      ? args.values.get(name)?.join('\n')
      : undefined;
  });
  const mistakes: InputMistake[] = [
    ...(parsed.ok ? [] : parsed.mistakes),
    ...(await unwritablePlaces(placesOf(args), world.files)),
  ];
  const { parseRunners } = await import(/* webpackIgnore: true */ './work.js');
  const hosts = await parseRunners((name) => args.values.get(name) ?? [], world.files);
  if (!hosts.ok && 'problems' in hosts) {
    await complain(world, hosts.problems);
    return WRONG_USE;
  }
  mistakes.push(...(hosts.ok ? withoutRunner(hosts.profiles.length) : hosts.mistakes));
  const waivers = await waiversOf(parsed, world);
  if (!waivers.ok) mistakes.push(...waivers.mistakes);
  if (!parsed.ok || !hosts.ok || !waivers.ok || mistakes.length > 0) return refuse(world, mistakes);

  const request = {
    ...parsed.inputs,
    waiverFile: waivers.file,
    profiles: hosts.profiles,
    named: hosts.fleet !== undefined,
  };
  const { progress, end } = createProgressLine(world.stderr, world.env, world.clock);
  const ports = { ...world, progress, signal: world.signal() };
  const { report, exitCode } = await (parsed.inputs.auto
    ? runChanged(request, ports, predictChanges(request, ports))
    : predictImages(request, ports)
  ).finally(end);
  await show(report, args, world);
  return exitCode;
}

const withoutRunner = (profiles: number): InputMistake[] =>
  profiles > 0
    ? []
    : [
        {
          input: 'predict',
          value: '',
          why: 'nothing tells which runner the images are for',
          allowed: `--driver with --gpu or --compute-capability, --fleet FILE, or a fleet file at ${FLEET_FILE}`,
          fix: 'for example: --driver 535.104.05 --gpu "NVIDIA A100-SXM4-80GB"',
        },
      ];

async function fleetCommand(args: Arguments, world: CommandWorld): Promise<number> {
  const names = args.values.get('profile') ?? [];
  const [file = FLEET_FILE, ...more] = args.positionals;
  const parsed = parseInputs((name) =>
    name === 'images' ? 'none' : name === 'engine' ? args.values.get(name)?.at(-1) : undefined,
  );
  const mistakes: InputMistake[] = parsed.ok ? [] : [...parsed.mistakes];
  if (!args.check || names.length !== 1 || more.length > 0) {
    mistakes.push({
      input: 'fleet',
      value: [...args.positionals, ...names].join(' '),
      why: args.check ? 'one file is compared, with one profile' : 'there is nothing else to do',
      allowed: 'fleet --check [FILE] --profile NAME',
      fix: 'name the profile of this machine; check --write-profile FILE:NAME records it',
    });
  }
  if (!parsed.ok || mistakes.length > 0) return refuse(world, mistakes);
  const { parseRunners } = await import(/* webpackIgnore: true */ './work.js');
  const hosts = await parseRunners(
    (name) => (name === 'profile' ? names : name === 'fleet' ? [file] : []),
    world.files,
  );
  if (!hosts.ok) {
    if ('mistakes' in hosts) return refuse(world, hosts.mistakes);
    await complain(world, hosts.problems);
    return WRONG_USE;
  }
  const [profile] = hosts.profiles;
  if (profile === undefined) return WRONG_USE;
  const { differences } = await compareProfile(profile, {
    ...world,
    engine: createCliEngine(parsed.inputs.engine, world.shell, world.clock, world.files),
    signal: world.signal(),
  });
  if (args.json) {
    world.stdout.write(`${JSON.stringify({ profile: profile.name, differences }, null, 2)}\n`);
  } else {
    const lines = differences.map(
      ({ what, recorded, now }) => `  ${what}: recorded ${recorded}, now ${now}`,
    );
    const said =
      lines.length === 0
        ? `${profile.name} in ${file} is what this machine is`
        : `${profile.name} in ${file} is out of date:`;
    world.stdout.write(
      [said, ...lines].map((line) => `${terminalLine(line, MAX_COMPLAINT)}\n`).join(''),
    );
  }
  return differences.length === 0 ? 0 : 1;
}

async function explainCommand(args: Arguments, world: CommandWorld): Promise<number> {
  const [file = '-', ...more] = args.positionals;
  const factsPath = args.values.get('facts')?.at(-1);
  const mistakes: InputMistake[] = await unwritablePlaces(placesOf(args), world.files);
  if (more.length > 0 || (args.values.get('facts')?.length ?? 0) > 1) {
    mistakes.push({
      input: 'explain',
      value: [...args.files].join(' '),
      why: 'these are several files',
      allowed: 'one log, and one facts file that goes with it',
      fix: 'explain one log after the other',
    });
  }
  if (mistakes.length > 0) return refuse(world, mistakes);

  const { explainText } = await import(/* webpackIgnore: true */ './work.js');
  const facts = factsPath === undefined ? [] : await factsOf(factsPath, world);
  if (facts === undefined) return WRONG_USE;
  try {
    const chunks = file === '-' ? world.stdin() : world.files.readStream(file);
    const explanation = await explainText(chunks, facts[0]);
    await showDocument(explanation, args, world, async (options) => {
      const { explanationText } = await import(/* webpackIgnore: true */ './work.js');
      return explanationText(explanation, options);
    });
    return 0;
  } catch (error) {
    // Only the reading of the log can fail; anything else is a mistake of ours and must stay visible.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return refuse(world, [
      {
        input: 'explain',
        value: file,
        why: `the log cannot be read: ${error.message}`,
        allowed: 'a file that can be read, or - for standard input',
        fix: 'check the path',
      },
    ]);
  }
}

/** The documents of one facts file, or undefined after the complaint about it. */
async function factsOf(path: string, world: CommandWorld): Promise<Facts[] | undefined> {
  const { parseFacts } = await import(/* webpackIgnore: true */ './work.js');
  const text = await world.files.readText(path);
  const parsed =
    text === undefined
      ? { ok: false as const, problems: [`${path}: the file does not exist or cannot be read`] }
      : parseFacts(text, path);
  if (parsed.ok) return parsed.facts;
  await complain(world, parsed.problems);
  return undefined;
}

async function show(report: Report, args: Arguments, world: CommandWorld): Promise<void> {
  const { terminal, writeFormats } = await import(/* webpackIgnore: true */ './work.js');
  await writeFormats(report, placesOf(args), world.files);
  await showDocument(report, args, world, async (options) => terminal(report, options));
}

/** Writes the document where it was asked for, and prints it as JSON or as a page. */
async function showDocument(
  document: Report | Explanation,
  args: Arguments,
  { files, stdout, ...world }: CommandWorld,
  page: (options: { colour: boolean; width: number }) => Promise<string>,
): Promise<void> {
  const { report: path } = placesOf(args);
  const json = `${JSON.stringify(document, null, 2)}\n`;
  if (path !== undefined) await files.writeText(path, json);
  const text = args.json ? json : await page(terminalOptions({ stdout, ...world }));
  stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

async function unwritable(
  path: string | undefined,
  { files }: CommandWorld,
  option = '--json',
): Promise<InputMistake[]> {
  const why = path === undefined ? undefined : await files.whyNotWritable(path);
  return why === undefined
    ? []
    : [
        {
          input: option,
          value: path ?? '',
          why: `the file cannot be written: ${why}`,
          allowed: 'a file in a folder that can be written',
          fix: 'name another place',
        },
      ];
}

/** Where this run's files go, by the option that names them. */
function placesOf(args: Arguments): Places {
  const named = ['report', ...FORMAT_NAMES] as const;
  return Object.fromEntries(
    named.flatMap((name) => {
      const path = args.values.get(name)?.at(-1);
      return path === undefined ? [] : [[name, resolve(path)]];
    }),
  );
}

const terminalOptions = ({ stdout, env }: Pick<CommandWorld, 'stdout' | 'env'>) => ({
  colour: wantsColour(env, stdout.isTerminal),
  width: Math.min(TERMINAL_COLUMNS.most, Math.max(TERMINAL_COLUMNS.least, stdout.columns)),
});

/** Where the report goes is an input of the action, and the value of `--json` here. */
const asOption = (mistake: InputMistake): InputMistake =>
  mistake.input === 'report' ? { ...mistake, input: '--json' } : mistake;

async function refuse(world: CommandWorld, mistakes: readonly InputMistake[]): Promise<number> {
  await complain(
    world,
    mistakes.map((mistake) => mistakeText(asOption(mistake))),
  );
  return WRONG_USE;
}

const MAX_COMPLAINT = 1_200;

async function complain(world: CommandWorld, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  for (const line of lines) {
    world.stderr.write(`cuda-image-check: ${terminalLine(line, MAX_COMPLAINT)}\n`);
  }
}
