import { ENGINE_PHRASINGS } from './engines.js';
import { FRAMEWORK_PHRASINGS } from './frameworks.js';
import { IMAGE_PHRASINGS } from './images.js';
import { INSTALL_PHRASINGS } from './install.js';
import { LIBRARY_PHRASINGS } from './libraries.js';
import { MACHINE_PHRASINGS } from './machine.js';
import type { Phrasing } from './phrasing.js';
import { SOURCE_PHRASINGS } from './sources.js';
import { TOOL_PHRASINGS } from './tools.js';

export const PHRASINGS: readonly Phrasing[] = [
  ...ENGINE_PHRASINGS,
  ...LIBRARY_PHRASINGS,
  ...MACHINE_PHRASINGS,
  ...INSTALL_PHRASINGS,
  ...TOOL_PHRASINGS,
  ...FRAMEWORK_PHRASINGS,
  ...IMAGE_PHRASINGS,
  ...SOURCE_PHRASINGS,
];
