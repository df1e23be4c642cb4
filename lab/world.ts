import { constants } from 'node:os';
import type { World } from './commands.js';
import { checkoutOf, pathsFrom } from './paths.js';
import { ProgramError } from './process.js';
import { RequirementError } from './requirements.js';
import { ScenarioError } from './scenario.js';

const WRONG_USE = 3;

/**
 * Runs a command of the lab in the real world. The first Ctrl-C or SIGTERM aborts it, and it then cleans up before it ends; further
 * ones change nothing, because a clean-up that is cut short is what leaves things behind.
 */
export const inTheWorld = async (work: (world: World) => Promise<number>): Promise<void> => {
  const abort = new AbortController();
  let received: NodeJS.Signals | undefined;
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (received === undefined) {
        received = name;
        say(`${name}: cleaning up`);
        abort.abort();
      }
    });
  }
  // A reader that goes away (`| head`) must not end a command before it has cleaned up.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    const code = await work({
      paths: pathsFrom(checkoutOf(import.meta.url)),
      say,
      print: (text) => process.stdout.write(text),
      abort: abort.signal,
    });
    process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
  } catch (error) {
    const expected =
      error instanceof ScenarioError ||
      error instanceof RequirementError ||
      error instanceof ProgramError;
    say(expected ? error.message : String((error as Error).stack ?? error));
    process.exitCode =
      error instanceof ScenarioError || error instanceof RequirementError ? WRONG_USE : 1;
  }
  if (received !== undefined) {
    process.exitCode = 128 + constants.signals[received];
  }
};
