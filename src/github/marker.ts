import type { RunNumber } from './place.js';

/** What the comment says: that something is wrong (or, where every result is told, how things are), or that it was and no longer is. */
export type CommentState = 'open' | 'resolved';

/** What a comment of ours tells its next writer, in its first line, where a reader does not see it. */
export interface Marker {
  /** See `placeKey`. */
  readonly key: string;
  readonly run: RunNumber;
  readonly state: CommentState;
}

/** Digits and words of our own only, so that nothing in it can end it. */
export const markerLine = ({ key, run, state }: Marker): string =>
  `<!-- cuda-image-check 1 key=${key} run=${run.id}.${run.attempt} state=${state} -->`;

const LINE =
  /^<!-- cuda-image-check 1 key=([0-9a-f]{64}) run=(\d{1,15})\.(\d{1,15}) state=(open|resolved) -->(?:\r?\n|$)/;

/**
 * The marker of a comment's body. Only its very beginning counts: the same text further down is what somebody quoted, and every text from outside comes
 * after the marker.
 */
export function readMarker(body: string): Marker | undefined {
  const [, key, id, attempt, state] = LINE.exec(body) ?? [];
  if (key === undefined) return undefined;
  return {
    key,
    run: { id: Number(id), attempt: Number(attempt) },
    state: state === 'resolved' ? 'resolved' : 'open',
  };
}
