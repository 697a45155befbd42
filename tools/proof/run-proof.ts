import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Proof } from "./proofs.ts";

/** How a proof ended, and what it said in figures. */
export interface ProofOutcome {
  readonly held: boolean;
  readonly figures: readonly string[];
  readonly seconds: number;
}

/** Runs one proof to its end or its deadline; what it prints goes to the screen and to `logPath`. */
export async function runProof(root: string, proof: Proof, logPath: string): Promise<ProofOutcome> {
  mkdirSync(dirname(logPath), { recursive: true });
  const log = createWriteStream(logPath);
  const startedAt = performance.now();
  const child = Bun.spawn([...proof.command], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    detached: true, // its own process group, so that deadline and Ctrl-C reach whatever it started
  });
  let isLate = false;
  const kill = (signal: NodeJS.Signals) => process.kill(-child.pid, signal);
  const deadline = setTimeout(() => {
    isLate = true;
    kill("SIGKILL");
  }, proof.minutesMax * 60_000);
  const interrupt = () => kill("SIGTERM");
  process.once("SIGINT", interrupt);
  const figures: string[] = [];
  const show = async (stream: ReadableStream<Uint8Array>) => {
    for await (const line of toLines(stream)) {
      process.stdout.write(`    ${line}\n`);
      log.write(`${line}\n`);
      if (line.startsWith("figure: ")) figures.push(line.slice("figure: ".length));
    }
  };
  await Promise.all([show(child.stdout), show(child.stderr)]);
  const exitCode = await child.exited;
  clearTimeout(deadline);
  process.off("SIGINT", interrupt);
  log.end();
  if (isLate) process.stdout.write(`    killed after ${proof.minutesMax} min\n`);
  return { held: exitCode === 0, figures, seconds: (performance.now() - startedAt) / 1000 };
}

async function* toLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
