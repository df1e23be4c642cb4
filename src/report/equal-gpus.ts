/**
 * Labels of GPUs (`0: NVIDIA H100 (9.0)`) with equal boards in one: `0-7: 8 × NVIDIA H100 (9.0)`. A text of another form stays as it is.
 */
export function equalGpus(labels: readonly string[]): string[] {
  const groups = new Map<string, { board: string; indices: Set<number> }>();
  for (const label of labels) {
    const [, index, board = label] = /^(\d{1,6}): (.+)$/s.exec(label) ?? [];
    const group = groups.get(board) ?? { board, indices: new Set() };
    if (index !== undefined) group.indices.add(Number(index));
    groups.set(board, group);
  }
  return [...groups.values()].map(({ board, indices }) => {
    if (indices.size === 0) return board;
    const count = indices.size === 1 ? '' : `${indices.size} × `;
    return `${ranges([...indices])}: ${count}${board}`;
  });
}

/** `0-3, 5` for 0, 1, 2, 3 and 5. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
