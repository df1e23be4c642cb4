import { type CommentState, type Marker, readMarker } from './marker.js';
import type { RunNumber } from './place.js';

/** When the pull request gets a comment. */
export type CommentMode = 'never' | 'on-failure' | 'always';

/** A comment as GitHub lists it. */
export interface ListedComment {
  readonly id: number;
  /** Its name in GraphQL. */
  readonly nodeId: string;
  /** Login of its author; absent where the account is gone. */
  readonly author?: string;
  readonly body: string;
}

/** A comment whose first line is a marker of this step. Anybody can have written it. */
interface MarkedComment extends ListedComment {
  readonly marker: Marker;
}

export type CommentPlan =
  | { readonly kind: 'nothing' }
  /** A later run of the same step has been here. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'create'; readonly state: 'open' }
  | {
      readonly kind: 'update';
      readonly comment: ListedComment;
      readonly state: CommentState;
      /** What is to be done about its being hidden, once it is written. */
      readonly then: 'hide' | 'show' | 'nothing';
      /** Comments of ours that two runs at the same time have made too many. */
      readonly remove: readonly ListedComment[];
    };

/** The comments whose first line says that they are this step's, oldest first. */
export const marked = (comments: readonly ListedComment[], key: string): MarkedComment[] =>
  comments
    .flatMap((comment) => {
      const marker = readMarker(comment.body);
      return marker?.key === key ? [{ ...comment, marker }] : [];
    })
    .sort((a, b) => a.id - b.id);

/**
 * What is to be written. Pure. With `on-failure` a comment is made by a run that failed and by no other; one that passes says so in the comment that is
 * there, and folds it.
 * @param own comments of this step by this author, see `marked`.
 */
export function planComment(
  wanted: { readonly mode: CommentMode; readonly passed: boolean; readonly run: RunNumber },
  own: readonly MarkedComment[],
): CommentPlan {
  const { mode, passed, run } = wanted;
  if (mode === 'never') return { kind: 'nothing' };
  const state: CommentState = mode === 'on-failure' && passed ? 'resolved' : 'open';
  const [first, ...remove] = own;
  if (first === undefined)
    return state === 'open' ? { kind: 'create', state } : { kind: 'nothing' };
  if (own.some(({ marker }) => isLater(marker.run, run))) return { kind: 'overtaken' };
  const was = first.marker.state;
  if (state === 'resolved' && was === 'resolved' && remove.length === 0) return { kind: 'nothing' };
  const then = was === state ? 'nothing' : state === 'resolved' ? 'hide' : 'show';
  return { kind: 'update', comment: first, state, then, remove };
}

/** By run, then by attempt: whoever starts an old run again gets its result only where no newer one has been. */
const isLater = (a: RunNumber, b: RunNumber): boolean =>
  a.id > b.id || (a.id === b.id && a.attempt > b.attempt);
