import type { Proof } from "./proofs.ts";
import type { ProofRecord } from "./record.ts";

/** docs/results.md: the newest run of each proof; what has not run yet says so. */
export function renderResultsPage(proofs: readonly Proof[], records: readonly ProofRecord[]): string {
  const rows = proofs.map((proof) =>
    renderProof(
      proof,
      records.findLast(({ id }) => id === proof.id),
    ),
  );
  return `# Results

Written by \`npm run proof\`; do not edit. Each proof belongs to an issue (its number stands before the dot) and runs at
full count. A \`+\` behind a commit means that the tree had changes.

${rows.join("\n")}`;
}

function renderProof({ id, title }: Proof, record: ProofRecord | undefined): string {
  const head = `## ${id} ${title}\n\n`;
  if (record === undefined) return `${head}Has not run yet.\n`;
  const verdict = record.held ? "Holds" : "**Does not hold**";
  const when = `${verdict}: ${record.at.slice(0, 10)}, commit ${record.commit}, ${toDuration(record.seconds)}, ${record.machine}.\n`;
  return (
    head + when + (record.figures.length === 0 ? "" : `\n${record.figures.map((figure) => `- ${figure}\n`).join("")}`)
  );
}

/** `48 s`, `12 min`. */
export function toDuration(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
