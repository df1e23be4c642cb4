import { checkScenario } from './check.js';
import { type World, withLab } from './commands.js';
import { recordText } from './render.js';
import { stageAction } from './runner.js';
import { loadScenario } from './scenario.js';
import { inTheWorld } from './world.js';

/** One pair that works and one that does not. */
const PAIRS = ['works-one-gpu', 'driver-too-old'] as const;

const demo = async (world: World): Promise<number> => {
  world.say(
    'No GPU here? None is needed: the engine and the registry are real, the NVIDIA driver is simulated.',
  );
  let problems = 0;
  await withLab(world, async (lab) => {
    const action = await stageAction(world.paths.root, lab.runtime);
    for (const name of PAIRS) {
      if (world.abort.aborted) {
        return;
      }
      const scenario = await loadScenario(name, world.paths.lab);
      const record = await checkScenario(lab, scenario, world.paths, {
        action,
        node: process.execPath,
        say: world.say,
        abort: world.abort,
      });
      problems += record.problems.length;
      world.print(`${recordText(record)}\n`);
    }
  });
  world.say('More: npm run lab -- list. With a GPU and an engine, for real: npx . check IMAGE');
  return problems === 0 ? 0 : 1;
};

await inTheWorld(demo);
