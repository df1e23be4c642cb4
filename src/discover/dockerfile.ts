import {
  type Arg,
  type Copy,
  DockerfileParser,
  type From,
  type Instruction,
  type Onbuild,
  type Property,
} from 'dockerfile-ast';
import { dockerfileText } from './dockerfile-text.js';
import { expand, type Variable } from './expand.js';
import {
  type Discovered,
  type FileProblem,
  type FoundReference,
  type Origin,
  type Outcome,
  outcomeOf,
  unresolved,
} from './found.js';
import { createLines, type Lines } from './lines.js';

/** https://docs.docker.com/reference/dockerfile/#overview */
const INSTRUCTIONS: ReadonlySet<string> = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/**
 * Set by the builder for `FROM`, from the platform that is built for.
 * https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
const PLATFORM_ARGS: ReadonlySet<string> = new Set(
  ['TARGET', 'BUILD'].flatMap((of) =>
    ['PLATFORM', 'OS', 'ARCH', 'VARIANT'].map((what) => `${of}${what}`),
  ),
);
/** The architectures of GPU runners: a stage that is named after either is a stage, whatever is built. */
const ARCHITECTURES = ['amd64', 'arm64'];

/** The span of `dockerfile-ast`: lines and characters from 0. */
interface Span {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

interface State {
  readonly text: string;
  readonly lines: Lines;
  /** `ARG`s before the first `FROM`, the only ones that count in a `FROM`. */
  readonly globals: Map<string, Variable>;
  /** Names of the stages so far, in lower case: what a `FROM` can start from. */
  readonly stages: Set<string>;
  /** Those of the whole file, which the builder knows before it looks at a copy or mount. */
  readonly allStages: ReadonlySet<string>;
  stageCount: number;
  copies: number;
  mounts: number;
  readonly references: FoundReference[];
  readonly problems: FileProblem[];
}

/**
 * The images of a Dockerfile: each `FROM` that starts from none of the file's own stages, each `COPY --from=` and each
 * `RUN --mount=…,from=` that names neither a stage nor its number. `scratch` is no image, and `# syntax=` names the builder's
 * frontend, which never runs. Pure.
 */
export function readDockerfile(given: string): Discovered {
  const readable = dockerfileText(given);
  if (!readable.ok) {
    return { references: [], problems: [{ line: 1, column: 1, why: readable.why }] };
  }
  const { text } = readable;
  const dockerfile = DockerfileParser.parse(text);
  const state: State = {
    text,
    lines: createLines(text),
    globals: new Map(),
    stages: new Set(),
    allStages: new Set(
      dockerfile.getFROMs().flatMap((from) => from.getBuildStage()?.toLowerCase() ?? []),
    ),
    stageCount: 0,
    copies: 0,
    mounts: 0,
    references: [],
    problems: [],
  };
  for (const instruction of dockerfile.getInstructions()) {
    readInstruction(instruction, state);
  }
  return state;
}

function readInstruction(instruction: Instruction, state: State): void {
  const keyword = instruction.getKeyword();
  if (!INSTRUCTIONS.has(keyword)) {
    complain(instruction, `there is no instruction "${clip(instruction.getInstruction())}"`, state);
    return;
  }
  if (keyword === 'FROM') {
    readFrom(instruction as From, state);
    return;
  }
  if (state.stageCount === 0) {
    if (keyword === 'ARG') readArg(instruction as Arg, state);
    else complain(instruction, `${keyword} comes before the first FROM`, state);
    return;
  }
  const inner =
    keyword === 'ONBUILD' ? (instruction as Onbuild).getTriggerInstruction() : instruction;
  const name = inner?.getKeyword();
  if (name === 'COPY') readCopy(inner as Copy, state);
  if (name === 'RUN') readRun(inner as Copy, state);
}

const clip = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 40)}…`);

function complain(instruction: Instruction, why: string, { problems, lines, text }: State): void {
  const { start, end } = instruction.getRange();
  const from = lines.offset(start.line) + start.character;
  // What a template leaves between the instructions is not Docker's to read.
  if (/\{\{|\{%|<%/.test(text.slice(from, lines.offset(end.line) + end.character))) return;
  problems.push({ line: start.line + 1, column: start.character + 1, why });
}

function readArg(instruction: Arg, state: State): void {
  for (const property of instruction.getProperties()) {
    state.globals.set(property.getName(), variableOf(property, state));
  }
}

function variableOf(property: Property, state: State): Variable {
  const name = property.getName();
  const value = property.getUnescapedValue();
  const span = property.getValueRange();
  if (value === null || span === null) {
    const builtIn = state.globals.get(name);
    if (builtIn !== undefined && 'value' in builtIn) return builtIn;
    return { unset: `ARG ${name} has no default, so that only --build-arg says what it is` };
  }
  const expanded = expand(value, {
    literal: '\\$',
    quotes: true,
    variable: (other) => lookUp(other, state),
  });
  const range = rangeOf(span, state);
  return expanded.ok
    ? {
        value: expanded.text,
        origins: [{ range: rangeOf(property.getRange(), state), text: value }, ...expanded.origins],
      }
    : {
        dynamic: `the default of ARG ${name} (line ${range.line}) cannot be told: ${expanded.why}`,
      };
}

function lookUp(name: string, { globals }: State): Variable {
  const known = globals.get(name);
  if (known !== undefined) return known;
  return PLATFORM_ARGS.has(name)
    ? { dynamic: `${name} depends on the platform that is built for` }
    : { unset: `no ARG ${name} before the first FROM` };
}

function readFrom(from: From, state: State): void {
  const words = from.getArguments().map((argument) => argument.getValue());
  const [argument] = from.getArguments();
  const number = state.stageCount;
  state.stageCount += 1;
  const wellFormed = words.length === 1 || (words.length === 3 && /^as$/i.test(words[1] ?? ''));
  if (argument === undefined || !wellFormed) {
    complain(from, 'FROM takes an image, or an image, AS and a name for the stage', state);
  }
  const name = wellFormed ? words[2]?.toLowerCase() : undefined;
  if (argument !== undefined) {
    const raw = argument.getValue();
    const path = `FROM ${name ?? `#${number}`}`;
    const expanded = expand(raw, {
      literal: '\\$',
      quotes: true,
      variable: (variable) => lookUp(variable, state),
    });
    if (!startsFromStage(raw, expanded.ok ? expanded.text : undefined, state)) {
      add(argument.getRange(), raw, path, state, {
        outcome: expanded.ok ? outcomeOf(expanded.text) : unresolved(expanded.why),
        origins: expanded.ok ? expanded.origins : [],
      });
    }
  }
  if (name !== undefined) state.stages.add(name);
}

/** `FROM base-${TARGETARCH}` starts from a stage when one of that name is there for some architecture. */
function startsFromStage(raw: string, text: string | undefined, state: State): boolean {
  if (text !== undefined) return text === 'scratch' || state.stages.has(text.toLowerCase());
  return ARCHITECTURES.some((architecture) => {
    const expanded = expand(raw, {
      literal: '\\$',
      quotes: true,
      variable: (name) =>
        name === 'TARGETARCH' || name === 'BUILDARCH'
          ? { value: architecture, origins: [] }
          : lookUp(name, state),
    });
    return expanded.ok && state.stages.has(expanded.text.toLowerCase());
  });
}

function readCopy(copy: Copy, state: State): void {
  for (const flag of copy.getFlags()) {
    if (flag.getName() !== 'from') continue;
    const path = `COPY --from #${state.copies}`;
    state.copies += 1;
    readSource(flag.getValue(), flag.getValueRange(), path, state);
  }
}

function readRun(run: Copy, state: State): void {
  for (const flag of run.getFlags()) {
    const source = flag.getName() === 'mount' ? flag.getOption('from') : null;
    if (source === null) continue;
    const path = `RUN --mount #${state.mounts}`;
    state.mounts += 1;
    readSource(source.getValue(), source.getValueRange(), path, state);
  }
}

/** The source of a copy or mount: a stage by name or number, or an image. The builder expands no variables there. */
function readSource(raw: string | null, span: Span | null, path: string, state: State): void {
  if (raw === null || raw === '' || span === null) return;
  const isStage = state.allStages.has(raw.toLowerCase()) || /^\d+$/.test(raw) || raw === 'scratch';
  if (isStage) return;
  add(span, raw, path, state, {
    outcome: raw.includes('$')
      ? unresolved('the builder expands no variables here; name a stage: FROM … AS name')
      : outcomeOf(raw),
    origins: [],
  });
}

const rangeOf = ({ start, end }: Span, { lines }: State) =>
  lines.range(lines.offset(start.line) + start.character, lines.offset(end.line) + end.character);

function add(
  span: Span,
  raw: string,
  path: string,
  state: State,
  { outcome, origins }: { outcome: Outcome; origins: readonly Origin[] },
): void {
  state.references.push({
    kind: 'dockerfile',
    path,
    raw,
    range: rangeOf(span, state),
    origins,
    outcome,
  });
}
