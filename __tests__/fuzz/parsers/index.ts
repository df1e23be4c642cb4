import type { Parser } from '../parser.js';
import { CORE } from './core.js';
import { DISCOVER } from './discover.js';
import { DOCUMENTS } from './documents.js';
import { HOST } from './host.js';
import { IMAGE } from './image.js';
import { INPUTS } from './inputs.js';
import { REGISTRY } from './registry.js';
import { RUN } from './run.js';

/** Every reader of outside text or bytes. `table.test.ts` holds it against the sources. */
export const PARSERS: readonly Parser[] = [
  ...CORE,
  ...HOST,
  ...IMAGE,
  ...REGISTRY,
  ...DOCUMENTS,
  ...INPUTS,
  ...DISCOVER,
  ...RUN,
];
