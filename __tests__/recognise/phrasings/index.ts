import { ENGINE_PHRASINGS } from './engines.js';
import { FRAMEWORK_PHRASINGS } from './frameworks.js';
import { LIBRARY_PHRASINGS } from './libraries.js';
import { MACHINE_PHRASINGS } from './machine.js';
import type { Phrasing } from './phrasing.js';

export const PHRASINGS: readonly Phrasing[] = [
  ...ENGINE_PHRASINGS,
  ...LIBRARY_PHRASINGS,
  ...MACHINE_PHRASINGS,
  ...FRAMEWORK_PHRASINGS,
];
