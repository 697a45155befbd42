import type { Database } from "bun:sqlite";
import { fillVersion1, jobId } from "./version-1.ts";

const AT_MS = Date.UTC(2026, 0, 1);

/** What version 1 held, a manifest that was changed once, and an egress log with a row of each verdict. */
export function fillVersion2(db: Database): void {
  fillVersion1(db);
  db.query("UPDATE hens SET revision = 2, egress_seq = 3 WHERE id = 'local.coop/ada'").run();
  const insert = db.query("INSERT INTO egress (hen_id, seq, at_ms, verdict, job_id, body) VALUES (?, ?, ?, ?, ?, ?)");
  const row = {
    hen_id: "local.coop/ada",
    at: "2026-01-01T00:00:00Z",
    via: "connect",
    host: "api.example.org",
    port: 443,
    method: null,
    path: null,
    address: null,
    bytes_up: 0,
    bytes_down: 0,
    count: 1,
  };
  const denied = {
    ...row,
    verdict: "denied",
    code: "no_rule",
    rule: null,
    reason: "no rule names it",
    allow: "api.example.org:443",
    job_id: jobId(2),
    next: "coop hen allow local.coop/ada api.example.org:443",
  };
  const allowed = {
    ...row,
    verdict: "allowed",
    code: null,
    rule: "api.example.org:443",
    reason: null,
    allow: null,
    job_id: null,
    next: null,
  };
  insert.run("local.coop/ada", 2, AT_MS, "denied", jobId(2), JSON.stringify(denied));
  insert.run("local.coop/ada", 3, AT_MS, "allowed", null, JSON.stringify(allowed));
}
