import { headline, lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: headline('The fabric manager has nothing to do on this runner, which is harmless'),
  why: 'The service looks for NVSwitches, finds none and ends. GPUs without NVSwitch do not need it.',
  fixes: lines(
    'Nothing has to be done',
    'To be rid of the failed service: sudo systemctl disable --now nvidia-fabricmanager',
  ),
});
