import { headline, lines, sentences } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    data.clause === undefined
      ? 'The image was made for another L4T (JetPack) release than this Jetson runs'
      : `This Jetson does not meet the L4T (JetPack) release of the image: ${data.clause}`,
  ),
  why: sentences(
    'On Jetson the CUDA driver comes with the L4T release of the board, and parts of it are mounted into the container: image and board must be of the same release.',
    ...(data.notes ?? []),
  ),
  fixes: lines(
    'Read the release of the board: cat /etc/nv_tegra_release',
    'Use the tag of the image that names that release, for example r36.4.0 on JetPack 6.1',
    'Or flash the board with the JetPack release that the image was made for',
  ),
});
