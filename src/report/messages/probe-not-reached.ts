import { headline, lines, sentences } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: headline("The container ran, and the image's own start never let the probe begin"),
  why: sentences(
    "The probe's first line comes before any call of the driver, and it did not come within the limit.",
    "What runs before it is the image's: its entry point, what it preloads, its dynamic linker.",
    'Nothing is proven about the pair.',
  ),
  fixes: lines(
    'See how far its entry point comes: docker run --rm --gpus all IMAGE true',
    "See what it preloads: docker image inspect --format '{{json .Config.Env}}' IMAGE (LD_PRELOAD, LD_AUDIT), and /etc/ld.so.preload in the image",
    'Give it more time if its entry point has much to do (the time limit among the inputs)',
  ),
});
