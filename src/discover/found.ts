import { type ImageReference, parseReference } from '../image/reference.js';
import type { Range } from './lines.js';

/** What sort of file names the image. */
export type ReferenceKind =
  | 'dockerfile'
  | 'workflow'
  | 'action'
  | 'compose'
  | 'kubernetes'
  | 'kustomize'
  | 'helm'
  | 'devcontainer';

/** Another place whose text went into a reference: the default of an `ARG`, a line of `.env`, an anchor. */
export interface Origin {
  /** The file, where it is another than the reference's own. */
  readonly file?: string;
  readonly range: Range;
  readonly text: string;
}

/** One image that a file names, at its place. */
export interface FoundReference {
  readonly kind: ReferenceKind;
  /**
   * The place within the document, the same from one commit to the next although lines move: `jobs.test.container`,
   * `services.web.image`, `FROM build`. A part that begins with `#` counts, because nothing there has a name.
   */
  readonly path: string;
  /** As the file has it, variables and all. */
  readonly raw: string;
  readonly range: Range;
  readonly origins: readonly Origin[];
  readonly outcome: Outcome;
}

export type Outcome =
  | { readonly ok: true; readonly image: ImageReference }
  /** Why nobody can tell from the files alone which image this is, as a clause. */
  | { readonly ok: false; readonly why: string };

/** What is wrong with a file, so that images in it may be missing from the list. */
export interface FileProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly why: string;
}

export interface Discovered {
  readonly references: readonly FoundReference[];
  readonly problems: readonly FileProblem[];
}

export const NOTHING: Discovered = { references: [], problems: [] };

export const unresolved = (why: string): Outcome => ({ ok: false, why });

/** Marks of the template languages that fill in files of these kinds before they are used. */
const TEMPLATE = /\{\{|\{%|<%/;

/** The image that a finished text names, variables already replaced. */
export function outcomeOf(text: string): Outcome {
  if (TEMPLATE.test(text)) return unresolved('a template fills it in');
  if (text.includes('$')) return unresolved('a variable in it is filled in by another program');
  const parsed = parseReference(text);
  return parsed.ok
    ? { ok: true, image: parsed.reference }
    : unresolved(`it is no image reference: ${parsed.why}`);
}
