import type { Database } from "bun:sqlite";

const AT_MS = Date.UTC(2026, 0, 1);
const AT = "2026-01-01T00:00:00Z";

const MANIFEST = {
  spec_version: "coop/v1",
  name: "ada",
  sex: "hen",
  agent_kind: "anthropic",
  agent_command: [],
  agent: null,
  brain: { provider_id: "none", provider: "script", base_url: null, model: "prompt", fallbacks: [] },
  tools: ["bash"],
  personality: null,
  visual: null,
  memory: null,
  resources: null,
  scheduling: null,
  limits: null,
  retention: { jobs_days: 30 },
  lease: null,
  network: null,
  sandbox: null,
  metadata: {},
};

/** Three hens (at rest, leased, damaged), a job in every status, and a row in every other table. */
export function fillVersion1(db: Database): void {
  addHens(db);
  addJobs(db);
  const insert = (text: string, ...values: readonly (string | number | null)[]) => db.query(text).run(...values);
  const episode = { id: "e1", hen_id: "local.coop/ada", job_id: jobId(3), at: AT, prompt: "p", summary: "s" };
  insert(
    "INSERT INTO episodes (id, hen_id, at_ms, body) VALUES ('e1', 'local.coop/ada', ?, ?)",
    AT_MS,
    JSON.stringify({ ...episode, turns: 1, outcome: "done" }),
  );
  const task = {
    id: jobId(9),
    prompt: "tidy",
    required_agent_kind: null,
    status: "PENDING",
    claimed_by: null,
    lease_id: null,
  };
  insert(
    "INSERT INTO tasks (id, status, claimed_by, updated_ms, body) VALUES (?, 'PENDING', NULL, ?, ?)",
    task.id,
    AT_MS,
    JSON.stringify({ ...task, created_at: AT, updated_at: AT }),
  );
  for (const id of ["local.coop/ada", "local.coop/bob"]) {
    insert("INSERT INTO events (at_ms, body) VALUES (?, ?)", AT_MS, JSON.stringify({ type: "hen_created", id }));
  }
  insert("INSERT INTO settings (key, value) VALUES ('farm.stopped', '1')");
  insert("INSERT INTO idempotency_keys (key, request, made, at_ms) VALUES ('k1', 'r1', 'local.coop/ada', ?)", AT_MS);
}

function addHens(db: Database): void {
  const hen = db.query(
    `INSERT INTO hens (id, state, lease_id, slots, retention_ms, jobs_keep_ms, queued, running, ready, uid, updated_ms)
     VALUES (?, ?, ?, 1, 0, 2592000000, ?, ?, 0, ?, ?)`,
  );
  hen.run("local.coop/ada", "WORKING", null, 1, 1, 200_000, AT_MS);
  hen.run("local.coop/bob", "LEASED", "lease-1", 0, 0, 200_001, AT_MS);
  hen.run("local.coop/cleo", "DAMAGED", null, 0, 0, null, AT_MS);
  db.query("UPDATE farm SET queued = 1, running = 1, claims = 4, last_uid = 200001").run();
  for (const name of ["ada", "bob"]) {
    const lease = name === "ada" ? { kind: "owner" } : { kind: "leased_out", renter: "r", lease_id: "lease-1" };
    const body = {
      id: `local.coop/${name}`,
      state: "DEFINED",
      lease,
      manifest: { ...MANIFEST, name },
      assigned_roost: null,
      stats: { xp: 0, level: 0, quests_completed: 0, grain_earned: 0 },
      lineage: { parent: null, generation: 1 },
      created_at: AT,
      updated_at: AT,
      tags: {},
    };
    db.query("INSERT INTO hen_bodies (hen_id, body, manifest_text) VALUES (?, ?, ?)").run(
      body.id,
      JSON.stringify(body),
      `name: ${name}\n`,
    );
  }
  db.query("INSERT INTO hen_attachments (hen_id, name, content) VALUES ('local.coop/ada', 's.yaml', '[]')").run();
  db.query("INSERT INTO hen_leases (hen_id, expires_ms) VALUES ('local.coop/bob', ?)").run(AT_MS + 86_400_000);
  db.query(
    `INSERT INTO hen_usage (hen_id, done, failed, cancelled, turns, input_tokens, output_tokens, cache_tokens)
     VALUES ('local.coop/ada', 1, 1, 1, 3, 30, 3, 0)`,
  ).run();
  db.query(
    `INSERT INTO quarantine (source, key, hen_id, reason, raw, at_ms)
     VALUES ('hens', 'local.coop/cleo', 'local.coop/cleo', 'is not JSON', '{}', ?)`,
  ).run(AT_MS);
}

function addJobs(db: Database): void {
  const statuses = ["QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED"];
  for (const [index, status] of statuses.entries()) {
    const no = index + 1;
    const isEnded = index > 1;
    db.query(
      `INSERT INTO jobs (no, id, hen_id, status, epoch, last_seq, turns, input_tokens, output_tokens, cache_tokens,
         updated_ms, started_ms, ended_ms, error_code) VALUES (?, ?, 'local.coop/ada', ?, ?, ?, 1, 10, 1, 0, ?, ?, ?, ?)`,
    ).run(
      no,
      jobId(no),
      status,
      index > 0 ? 1 : 0,
      isEnded ? 1 : 0,
      AT_MS,
      index > 0 ? AT_MS : null,
      isEnded ? AT_MS : null,
      status === "FAILED" ? "tool_failed" : null,
    );
    const body = {
      id: jobId(no),
      hen_id: "local.coop/ada",
      prompt: `job ${no}`,
      delegation_depth: 0,
      grain_spent: 0,
      created_at: AT,
      limits: { max_turns: 16, wall_secs: null, output_tokens: null },
      parent_job_id: null,
      lease_id: null,
    };
    db.query("INSERT INTO job_texts (job_no, body, result, error) VALUES (?, ?, ?, ?)").run(
      no,
      JSON.stringify(body),
      status === "DONE" ? "result" : null,
      status === "FAILED" ? "error" : null,
    );
    if (!isEnded) continue;
    const settled = { kind: "settled", status, result: null, error: null, error_code: null };
    db.query("INSERT INTO journal (job_no, seq, epoch, at_ms, body) VALUES (?, 1, 1, ?, ?)").run(
      no,
      AT_MS,
      JSON.stringify(settled),
    );
  }
  db.query("INSERT INTO job_cancels (job_no, at_ms) VALUES (2, ?)").run(AT_MS);
  db.query("INSERT INTO job_children (parent_no, call_key, child_id) VALUES (2, '1:c1', ?)").run(jobId(3));
}

/** Ids of version 1's jobs, by number from 1. */
export function jobId(n: number): string {
  return `0195b2c4-0000-7000-8000-${String(n).padStart(12, "0")}`;
}
