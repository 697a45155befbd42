/** Longer words are never a slip of a known one, and the distance costs the product of both lengths. */
const WORD_MAX = 64;

/**
 * The known word that somebody most likely meant: equal but for case, or a few slips away (one for every three
 * letters, at least one). Undefined when none is near; the first of equals.
 */
export function nearestOf(word: string, known: readonly string[]): string | undefined {
  if (word.length > WORD_MAX) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestSlips = Math.max(1, Math.floor(lower.length / 3)) + 1;
  for (const candidate of known) {
    const slips = countSlips(lower, candidate.toLowerCase());
    if (slips < bestSlips) [best, bestSlips] = [candidate, slips];
  }
  return best;
}

/** Letters that were left out, added, changed or swapped with their neighbour (optimal string alignment distance). */
function countSlips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : changed;
      row.push(Math.min(changed, swapped, at(last, j) + 1, at(row, j - 1) + 1));
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
