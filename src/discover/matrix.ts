import { isMap, isScalar, isSeq, textOf, type Value, type YamlFile } from './yaml.js';

/** One job of a matrix: the value of each key; undefined where only the running workflow knows it. */
export type Row = ReadonlyMap<string, Value | undefined>;

/** GitHub's own limit of jobs in a matrix. */
const MAX_ROWS = 256;
/** Each key multiplies the jobs; with two values each, eight reach the limit. */
const MAX_KEYS = 64;

/**
 * The jobs of a matrix that is written out, as GitHub makes them: the product of the lists without what `exclude` names, then
 * `include`. One empty row where there is no matrix or only the running workflow knows it.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrixinclude
 */
export function rowsOf(matrix: Value | undefined, file: YamlFile): readonly Row[] {
  const entries = file.entries(matrix);
  const vectors = entries
    .filter(({ key }) => key !== 'include' && key !== 'exclude')
    .slice(0, MAX_KEYS);
  let rows: Map<string, Value | undefined>[] = [new Map()];
  for (const { key, value } of vectors) {
    const values = isSeq(value) ? file.items(value).slice(0, MAX_ROWS) : [undefined];
    rows = rows
      .flatMap((row) => values.map((one) => new Map([...row, [key, one] as const])))
      .slice(0, MAX_ROWS);
  }
  const listed = (name: string) => file.items(file.get(matrix, name)).filter(isMap);
  const excluded = listed('exclude').slice(0, MAX_ROWS);
  rows = rows.filter((row) => !excluded.some((one) => agrees(row, one, file)));
  // Without a list there is no combination to add to: each include is a job of its own.
  const combinations = vectors.length === 0 ? [] : rows;
  const own = new Set(vectors.map(({ key }) => key));
  const added: Map<string, Value | undefined>[] = [];
  for (const include of listed('include').slice(0, MAX_ROWS)) {
    const pairs = file.entries(include).map(({ key, value }) => [key, value] as const);
    const overlap = pairs.filter(([key]) => own.has(key));
    const fitting = combinations.filter((row) =>
      overlap.every(([key, value]) => equal(row.get(key), value, file)),
    );
    for (const row of fitting) for (const [key, value] of pairs) row.set(key, value);
    if (fitting.length === 0) added.push(new Map(pairs));
  }
  const all = [...combinations, ...added];
  return all.length === 0 ? [new Map()] : all.slice(0, MAX_ROWS);
}

const agrees = (row: Row, pattern: Value, file: YamlFile): boolean =>
  file.entries(pattern).every(({ key, value }) => equal(row.get(key), value, file));

/** Whether a value is what a pattern asks for; a map may have more keys than its pattern. */
function equal(value: Value | undefined, pattern: Value | undefined, file: YamlFile): boolean {
  if (isScalar(value) && isScalar(pattern)) return textOf(value) === textOf(pattern);
  if (!isMap(value) || !isMap(pattern)) return false;
  return file
    .entries(pattern)
    .every(({ key, value: inner }) => equal(file.get(value, key), inner, file));
}
