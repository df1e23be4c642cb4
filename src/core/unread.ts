import type { ImageFacts } from './facts.js';
import type { Unchecked } from './finding.js';

/** How much of the image's files stayed unread: what was not found there may still be there. */
export function unreadOf({ files, deviceCode }: ImageFacts): readonly Unchecked[] {
  const what = "the rest of the image's files";
  const damaged = (deviceCode ?? []).filter((file) => file.malformed !== undefined);
  const more = damaged.length - MOST_DAMAGED;
  return [
    ...(files?.complete === false ? [{ what, why: 'they were read in part only' }] : []),
    ...(files?.unreadable ?? []).map((place) => ({
      what,
      why: `the container's user may not read ${place}`,
    })),
    ...damaged.slice(0, MOST_DAMAGED).map(({ path, malformed }) => ({
      what: 'device code of single files',
      why: `${path ?? 'a file'} could not be read whole: ${malformed}`,
    })),
    ...(more > 0
      ? [{ what: 'device code of single files', why: `nor could ${more} more files` }]
      : []),
  ];
}

const MOST_DAMAGED = 8;
