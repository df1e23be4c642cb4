import {
  FLAGS,
  GLOBAL_WITH_VALUE,
  SHORT_FLAGS,
  SHORT_WITH_VALUE,
  WITH_VALUE,
} from './engine-options.js';
import { commandsOf, type Word } from './shell-words.js';

/** A word of a script that names an image, or the reason why none can be told. */
export interface RunImage {
  readonly word: Word;
  readonly why?: string;
}

const ENGINE = /(?:^|\/)(?:docker|podman|nerdctl)$/;
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
/** What may stand before a command without being it. */
const BEFORE: ReadonlySet<string> = new Set(
  '! { if then elif else while until do time sudo env exec command nohup eval xvfb-run'.split(' '),
);

/**
 * The images of `docker run`, `create` and `pull` lines (also podman and nerdctl, also after `sudo`, also `docker container run`) in a
 * shell script, in their order. An option that is not known hides where the image begins: that is a reason, not a guess. Pure.
 */
export function imagesOfScript(script: string): readonly RunImage[] {
  return commandsOf(script).flatMap((words) => imageOfCommand(words) ?? []);
}

function imageOfCommand(words: readonly Word[]): RunImage | undefined {
  let at = engineAt(words);
  if (at === undefined) return undefined;
  at = skipGlobals(words, at + 1);
  if (['container', 'image'].includes(words[at]?.text ?? '')) at += 1;
  const command = words[at]?.text;
  if (command !== 'run' && command !== 'create' && command !== 'pull') return undefined;
  return firstOperand(words, at + 1, command === 'pull');
}

/** Position of the engine's program, where it is the command. */
function engineAt(words: readonly Word[]): number | undefined {
  let wrapped = false;
  for (const [at, { text }] of words.entries()) {
    if (ENGINE.test(text)) return at;
    if (BEFORE.has(text) || text === 'timeout') wrapped = true;
    else if (!(ASSIGNMENT.test(text) || (wrapped && /^(?:-|\d)/.test(text)))) return undefined;
  }
  return undefined;
}

function skipGlobals(words: readonly Word[], from: number): number {
  let at = from;
  for (let text = words[at]?.text; text?.startsWith('-'); text = words[at]?.text) {
    const name = text.replace(/^--?/, '');
    at += GLOBAL_WITH_VALUE.has(name) ? 2 : 1;
  }
  return at;
}

function firstOperand(words: readonly Word[], from: number, pull: boolean): RunImage | undefined {
  let at = from;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    const { text } = word;
    if (text === '--')
      return words[at + 1] === undefined ? undefined : { word: words[at + 1] as Word };
    if (text === '-' || !text.startsWith('-')) return { word };
    const takes = text.startsWith('--') ? takesNext(text.slice(2)) : clusterTakesNext(text, pull);
    if (takes === undefined) {
      return { word, why: `whether its option ${text} has a value is not known here` };
    }
    at += takes ? 2 : 1;
  }
  return undefined;
}

function takesNext(option: string): boolean | undefined {
  if (option.includes('=') || FLAGS.has(option)) return false;
  return WITH_VALUE.has(option) ? true : undefined;
}

/** `-it` takes none, `-v` the next word, `-itv` too, `-p80:80` has it. */
function clusterTakesNext(text: string, pull: boolean): boolean | undefined {
  for (let at = 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (SHORT_FLAGS.has(letter) || (pull && letter === 'a')) continue;
    if (SHORT_WITH_VALUE.has(letter)) return at === text.length - 1;
    // `-t=false`
    return letter === '=' ? false : undefined;
  }
  return false;
}
