import { afterAll, beforeAll, expect, test } from "bun:test";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { type ApiDocument, bodyOf, type DocumentedRoute, fillPath, routesOf } from "../testing/from-document.ts";
import { faultsOf } from "../testing/matches-schema.ts";

// Whoever has only the document can call everything in it, and gets what it says.
let daemon: DaemonUnderTest;
let document: ApiDocument;
/** What earlier answers named, by the beginning of the paths that take it. */
const known: Record<string, string> = {};
beforeAll(async () => {
  daemon = await openDaemonUnderTest({ COOP_AUTH: "token" });
  document = (await daemon.call("GET", "/openapi.json")).json as ApiDocument;
});
afterAll(() => daemon.close());

/** Calls that this fresh farm must refuse, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  get_watch: "bad_request", // it is a WebSocket, and this is none
  get_hens_id_shell: "bad_request", // so is this
  post_tasks_id_retry: "illegal_move", // it is done by then
  post_auth_login: "unauthorized", // "example" is no token
  post_hens_id_delegate: "delegation_refused", // to itself
  put_hens_id_manifest: "revision_missing",
  post_attention_id_dismiss: "bad_request", // nothing needs anybody yet
  post_jobs_id_cancel: "job_ended",
  delete_tasks_id: "illegal_move", // it is done by then
  post_vault_unlock: "vault_refused",
  post_vault_rotate: "vault_locked",
  put_vault_secrets: "vault_locked",
  put_vault_secrets_name_hosts: "vault_locked",
  delete_vault_secrets_name: "vault_locked",
};

/** Makers first, then whatever looks or moves, then whatever takes away. */
function inOrder(routes: readonly DocumentedRoute[]): readonly DocumentedRoute[] {
  const makers = ["post_hens", "post_hens_id_hatch", "post_hens_id_jobs", "post_tasks", "post_tokens"];
  const late = ["post_hens_id_archive", "post_auth_logout", "post_farm_stop", "post_farm_resume"];
  const rank = ({ id, method }: DocumentedRoute) =>
    makers.includes(id) ? makers.indexOf(id) - 100 : method === "DELETE" ? 2 : late.includes(id) ? 1 : 0;
  return [...routes].sort((a, b) => rank(a) - rank(b));
}

function remember(route: DocumentedRoute, answer: unknown): void {
  if (route.id === "post_hens_id_jobs") known["/api/v1/jobs/"] = (answer as { job_id: string }).job_id;
  if (route.id === "post_tasks") known["/api/v1/tasks/"] = (answer as { task_id: string }).task_id;
  if (route.id === "post_tokens") known["/api/v1/tokens/"] = (answer as { id: string }).id;
}

const knownOf = (path: string) => Object.entries(known).find(([start]) => path.startsWith(start))?.[1];

test("every route answers as the document says, called by nothing but the document", async () => {
  const { schemas } = document.components;
  const token = (await Bun.file(`${daemon.dataDir}/token`).text()).trim();
  const problems: string[] = [];
  for (const route of inOrder(routesOf(document))) {
    const body = bodyOf(route, schemas);
    const answer = await fetch(daemon.base + fillPath(route, schemas, knownOf), {
      method: route.method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": body.type }) },
      ...(body === undefined ? {} : { body: body.text }),
    });
    const text = await answer.text();
    if (answer.status >= 400) {
      const envelope = JSON.parse(text);
      problems.push(...faultsOf(envelope, { $ref: "#/components/schemas/Error" }, schemas, route.id));
      if (REFUSED[route.id] !== envelope.code) problems.push(`${route.id}: ${answer.status} ${text}`);
      continue;
    }
    if (answer.status !== route.status) problems.push(`${route.id}: ${answer.status}, not ${route.status}`);
    if (route.answer === undefined) continue;
    const json = JSON.parse(text);
    problems.push(...faultsOf(json, route.answer, schemas, route.id));
    remember(route, json);
  }
  expect(problems).toEqual([]);
}, 60_000);

test("journal, events and what is streamed of a job are as the document says", async () => {
  const { schemas } = document.components;
  const farm = await openDaemonUnderTest();
  try {
    const calls = '[{name: bash, input: {command: "echo 1"}}, {name: file_read, input: {path: nothing}}]';
    const script = `\n  - text: looking\n    tools: ${calls}\n  - text: done\n`;
    const hen = await farm.hatch(promptHen("aria"));
    const jobId = await farm.submit(hen, script);
    expect((await farm.ended(jobId)).status).toBe("DONE");
    await farm.call("DELETE", `/hens/${encodeURIComponent(hen)}/memory`);
    const { event_seq: last } = (await farm.call("GET", "/farm")).json as { event_seq: number };
    const parts = {
      JournalEntry: await farm.journal(jobId),
      LiveEvent: await readStream(`${farm.base}/api/v1/jobs/${jobId}/stream`, ({ type }) => type === "end"),
      WatchEvent: await readStream(`${farm.base}/api/v1/watch?since=0`, ({ seq }) => seq === last),
    };
    for (const [name, rows] of Object.entries(parts)) {
      expect(rows.length).toBeGreaterThan(0);
      const faults = rows.flatMap((row) => faultsOf(row, { $ref: `#/components/schemas/${name}` }, schemas));
      expect(faults).toEqual([]);
    }
    expect(new Set(parts.JournalEntry.map(({ kind }) => kind)).size).toBe(6);
  } finally {
    await farm.close();
  }
}, 60_000);

/** The events of a stream up to the one that `isLast` knows. */
async function readStream(url: string, isLast: (event: Row) => boolean): Promise<readonly Row[]> {
  const answer = await fetch(url, { headers: { accept: "text/event-stream" } });
  const rows: Row[] = [];
  let text = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const row = JSON.parse(data) as Row;
      rows.push(row);
      if (isLast(row)) return rows;
    }
  }
  throw new Error(`the stream ended early: ${JSON.stringify(rows)}`);
}

type Row = Readonly<Record<string, unknown>>;

test("the check can fail: an answer of another shape is found", () => {
  const { schemas } = document.components;
  expect(faultsOf({ ok: "yes" }, { $ref: "#/components/schemas/Ok" }, schemas)).toEqual(["$.ok: is not true"]);
  expect(faultsOf({}, { $ref: "#/components/schemas/Farm" }, schemas).length).toBeGreaterThan(3);
  expect(faultsOf([{}], { $ref: "#/components/schemas/Hens" }, schemas).length).toBeGreaterThan(3);
});
