import { inWords } from './assess.js';
import { diagnose } from './core/diagnose.js';
import type { Facts } from './core/facts.js';
import type { Finding } from './core/finding.js';
import { recogniseCircumstances } from './recognise/circumstances.js';
import { createExcerpt } from './recognise/excerpt.js';
import { recogniseFacts } from './recognise/recognise.js';
import { createRecogniser, sharedTables, type Tables } from './recognise/recogniser.js';
import { EXPLANATION_SCHEMA, type Explanation } from './report/report.js';

/**
 * Explains a log that arrives in chunks: memory stays bounded however long it is. With facts beside it, what is ambiguous in the
 * text is decided by them, and a text that says nothing is completed by what the facts prove. Never throws for what the text holds.
 */
export async function explainText(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  facts?: Facts,
  tables: Tables = sharedTables(),
): Promise<Explanation> {
  const recogniser = createRecogniser(facts, tables);
  const excerpt = createExcerpt();
  for await (const chunk of chunks) {
    recogniser.push(chunk);
    excerpt.push(chunk);
  }
  const found = join(recogniser.end(), facts, tables, excerpt.text().trim() !== '');
  const findings =
    found.length > 0
      ? found
      : [unrecognised(excerpt.text() || (facts?.failure?.text ?? ''), excerpt.notes())];
  return {
    schema: EXPLANATION_SCHEMA,
    findings: findings.map((finding) => inWords(finding, facts?.image)),
  };
}

/** What the text shows leads; then the texts inside the facts, then what the rules say, and last what the circumstances suggest. */
function join(
  fromText: readonly Finding[],
  facts: Facts | undefined,
  tables: Tables,
  textGiven: boolean,
): Finding[] {
  if (facts === undefined) return [...fromText];
  const seen = [...fromText];
  const add = (findings: readonly Finding[]) => {
    for (const finding of findings)
      if (finding.id !== 'unrecognised' && seen.every((other) => other.id !== finding.id))
        seen.push(finding);
  };
  add(recogniseFacts(facts, tables));
  const { failure: _alreadyRead, ...withoutFailure } = facts;
  add(diagnose(withoutFailure, seen).findings);
  if (seen.length === 0) add(recogniseCircumstances(facts, textGiven));
  return seen;
}

const unrecognised = (text: string, notes: readonly string[]): Finding => ({
  id: 'unrecognised',
  severity: 'error',
  evidence: [],
  data: { text, ...(notes.length === 0 ? {} : { notes }) },
});
