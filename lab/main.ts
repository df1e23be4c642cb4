import { parseArgs } from 'node:util';
import { down, environment, list, runScenarios, up, type World } from './commands.js';
import { runEngines } from './engines/run.js';
import { ScenarioError } from './scenario.js';
import { inTheWorld } from './world.js';

const USAGE = `The lab: a real container engine and a real registry, with a simulated NVIDIA driver.

  npm run lab -- list                       the scenarios
  npm run lab -- run NAME|FILE... [--json]  run the built action on a scenario; brings the lab up and down by itself
  npm run lab -- run --all [--quiet]        every scenario
  npm run lab -- engines [NAME...]          other Docker and Podman releases, by CDI, by TCP, nested: prints the tables of docs/engines.md
  npm run lab -- up [NAME...]               bring the lab up and leave it running
  npm run lab -- env NAME                   with the lab up: variables for a shell that sees the scenario's host
  npm run lab -- down [--cache]             take it down; --cache: forget the base images too

  --json         print the report document alone (several scenarios: a list of them)
  --quiet        one line for each scenario
  --record FILE  write everything that the runs wrote, as JSON
  --node PATH    run the action with this Node.js
`;

const parse = (args: string[]) => {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        cache: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        record: { type: 'string' },
        node: { type: 'string', default: process.execPath },
      },
    });
  } catch (error) {
    throw new ScenarioError(`${(error as Error).message}\n\n${USAGE}`);
  }
};

const command = async (world: World): Promise<number> => {
  const { values, positionals } = parse(process.argv.slice(2));
  const [name, ...rest] = positionals;
  if (values.help || name === undefined || name === 'help') {
    world.print(USAGE);
    return values.help || name === 'help' ? 0 : 3;
  }
  switch (name) {
    case 'up':
      return await up(world, rest);
    case 'down':
      return await down(world, values.cache);
    case 'list':
      return await list(world);
    case 'env':
      return await environment(world, rest[0] ?? '');
    case 'run':
      return await runScenarios(world, rest, { ...values, record: values.record });
    case 'engines':
      return await runEngines(world, rest, { node: values.node, record: values.record });
    default:
      throw new ScenarioError(`There is no command ${name}\n\n${USAGE}`);
  }
};

await inTheWorld(command);
