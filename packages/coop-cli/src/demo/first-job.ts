import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CoopClient, pause } from "coop-client";
import { CoopError, isEnded, type Job, type JournalEntry, parseHenId, workdirKey } from "coopd-core";

/** The hen of a demo's manifest. */
export const DEMO_HEN = parseHenId("local.coop/demo");
const PROMPT = "Look around in your workdir and write a short report about what you find.";
/** A scripted job takes a second; a minute means that something is wrong. */
const JOB_MS_MAX = 60_000;

/**
 * Creates and hatches the demo hen where it is not there yet, gives it its first job where it has none, and waits for
 * its newest job to end: one that a crash or Ctrl-C cut off goes on from its journal.
 *
 * @throws CoopError what the daemon refuses; `timeout` when the job has not ended within a minute
 */
export async function runFirstJob(client: CoopClient, manifest: Uint8Array, dataDir: string): Promise<Job> {
  await ensureHen(client, manifest);
  let newest: Job | undefined;
  for await (const job of client.jobs.list({ henId: DEMO_HEN })) newest = job;
  const id = newest?.id ?? (await client.jobs.submit(DEMO_HEN, PROMPT));
  const deadline = performance.now() + JOB_MS_MAX;
  while (performance.now() < deadline) {
    const job = await client.jobs.get(id);
    if (isEnded(job.status)) return job;
    await pause(50);
  }
  throw new CoopError("timeout", `job ${id} has not ended within ${JOB_MS_MAX / 1000} s`, {
    next: `The log is in ${join(dataDir, "coopd.log")}.`,
  });
}

async function ensureHen(client: CoopClient, manifest: Uint8Array): Promise<void> {
  const hen = await client.hens.get(DEMO_HEN).catch((error: unknown) => {
    if (error instanceof CoopError && error.code === "hen_not_found") return undefined;
    throw error;
  });
  if (hen === undefined) await client.hens.create(manifest);
  if (hen === undefined || hen.state === "DEFINED") await client.hens.hatch(DEMO_HEN);
}

/** Host paths of the files that the job wrote and that are still there, from its journal. */
export async function findReports(client: CoopClient, job: Job, dataDir: string): Promise<readonly string[]> {
  const workdir = join(dataDir, "workdirs", workdirKey(DEMO_HEN));
  const paths: string[] = [];
  for await (const entry of client.jobs.journal(job.id)) paths.push(...writtenPaths(entry));
  return [...new Set(paths)].map((path) => join(workdir, path)).filter((path) => existsSync(path));
}

/** Paths below the workdir that a `file_write` named. */
function writtenPaths(entry: JournalEntry): readonly string[] {
  if (entry.kind !== "tool.intent" || entry.tool !== "file_write") return [];
  const { path } = entry.input as { path?: unknown };
  return typeof path === "string" ? [path.replace(/^\/home\/demo\//, "")] : [];
}
