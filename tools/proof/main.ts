import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROOFS, type Proof } from "./proofs.ts";
import { appendRecord, describeCommit, describeMachine, readRecords } from "./record.ts";
import { renderResultsPage, toDuration } from "./results-page.ts";
import { runProof } from "./run-proof.ts";

// `npm run proof [-- --fresh] [-- ID…]`: every *Shown by* at full count. What has held is not run again until `--fresh`
// or until it is named; so a run that was interrupted goes on where it stopped.
const root = process.cwd();
const resultsPath = join(root, ".proof", "results.json");
const donePath = join(root, ".proof", "done.json");
const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = [
  ...named.filter((id) => !PROOFS.some((proof) => proof.id === id)),
  ...args.filter((arg) => arg.startsWith("--") && arg !== "--fresh"),
];

if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(", ")}; there are --fresh and ${PROOFS.map(({ id }) => id).join(", ")}`);
  process.exitCode = 2;
} else {
  if (args.includes("--fresh")) rmSync(donePath, { force: true });
  const wanted = named.length === 0 ? PROOFS : PROOFS.filter(({ id }) => named.includes(id));
  process.exitCode = (await proveAll(wanted)) ? 0 : 1;
}

async function proveAll(proofs: readonly Proof[]): Promise<boolean> {
  const counts = { held: 0, broken: 0 };
  for (const [at, proof] of proofs.entries()) {
    const place = `[${at + 1}/${proofs.length}] ${proof.id} ${proof.title}`;
    const doneAt = named.length === 0 ? readDone()[proof.id] : undefined;
    if (doneAt !== undefined) {
      console.log(`${place}: held at commit ${doneAt}, not run again (--fresh does)`);
      counts.held += 1;
      continue;
    }
    console.log(place);
    const commit = describeCommit(root);
    const outcome = await runProof(root, proof, join(root, ".proof", "logs", `${proof.id}.log`));
    const { id, title } = proof;
    appendRecord(resultsPath, {
      id,
      title,
      ...outcome,
      at: new Date().toISOString(),
      commit,
      machine: describeMachine(),
    });
    writeFileSync(join(root, "docs", "results.md"), renderResultsPage(PROOFS, readRecords(resultsPath)));
    if (outcome.held) writeFileSync(donePath, `${JSON.stringify({ ...readDone(), [id]: commit })}\n`);
    counts[outcome.held ? "held" : "broken"] += 1;
    console.log(`${place}: ${outcome.held ? "holds" : "DOES NOT HOLD"} (${toDuration(outcome.seconds)})`);
  }
  console.log(`${counts.held} hold, ${counts.broken} do not; figures in docs/results.md, logs in .proof/logs`);
  return counts.broken === 0;
}

/** Id → commit of the proofs that have held since the last `--fresh`. */
function readDone(): Readonly<Record<string, string>> {
  return existsSync(donePath) ? JSON.parse(readFileSync(donePath, "utf8")) : {};
}
