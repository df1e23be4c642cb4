import type { Facts } from './facts.js';

/**
 * The L4T releases of each JetPack major: https://developer.nvidia.com/embedded/jetpack-archive. R34 was the preview of JetPack 5
 * and R35 its release: images of either run on both.
 */
const JETPACK_OF_L4T: Readonly<Record<string, number>> = {
  '32': 4,
  '34': 5,
  '35': 5,
  '36': 6,
  '38': 7,
  '39': 7,
};

/** The release that stands for a JetPack major whose L4T nobody names. */
const L4T_OF_JETPACK: Readonly<Record<string, number>> = { '4': 32, '5': 35, '6': 36, '7': 38 };

/** Of older JetPacks an image meets other paths and mounts on a newer board; from this one on an older image may run there. */
const FIRST_JETPACK_THAT_MAY_RUN_ON_NEWER = 6;

/** Major number of the L4T release that a host's description names, `L4T 36.4.0`, `JetPack 5.1`; undefined: none is named. */
export function l4tOfHost(host: Facts['host']): number | undefined {
  const os = host?.os ?? '';
  const named = /(?:l4t|\br) ?\(?r?(3\d)\b/i.exec(os)?.[1];
  if (named !== undefined) return Number(named);
  const jetpack = /jetpack ?(\d)/i.exec(os)?.[1];
  return jetpack === undefined ? undefined : L4T_OF_JETPACK[jetpack];
}

/** Major number of the L4T release that an image's tag names, `l4t-ml:r35.4.1`; undefined: none is named. */
export function l4tOfImage(image: Facts['image']): number | undefined {
  const reference = image?.reference ?? '';
  // People also name images by their release alone, without a tag.
  const tag = /:([\w.-]+)(?:@|$)/.exec(reference)?.[1] ?? reference;
  const named = /\br(3\d)\.\d/i.exec(tag)?.[1];
  return named === undefined ? undefined : Number(named);
}

/** Whether an image's reference says that it was made for Jetson boards. */
export const namesJetson = (image: Facts['image']): boolean =>
  /l4t|jetson|jetpack|tegra|(?:^|\/)dustynv\//i.test(image?.reference ?? '');

/**
 * Whether an image for one L4T major is known not to run on a board with another: driver libraries of the board are mounted into
 * it. Releases of no known JetPack are not judged.
 * Sources: https://github.com/dusty-nv/jetson-containers/issues/149 (older board), …/issues/725 (newer board)
 */
export function l4tDiffers(host: number, image: number): boolean {
  const [board, made] = [JETPACK_OF_L4T[host], JETPACK_OF_L4T[image]];
  if (board === undefined || made === undefined || board === made) return false;
  return made > board || made < FIRST_JETPACK_THAT_MAY_RUN_ON_NEWER;
}
