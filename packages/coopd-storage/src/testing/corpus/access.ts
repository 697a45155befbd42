import type { Database } from "bun:sqlite";
import { fillVersion2 } from "./version-2.ts";

const AT_MS = Date.UTC(2026, 0, 1);

/** What the version before held, a token with a login that came from it, and a trail whose beginning has made way. */
export function fillAccess(db: Database): void {
  fillVersion2(db);
  const credential = db.query(
    `INSERT INTO credentials (id, kind, name, scope, digest, parent, created_ms, expires_ms, used_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  credential.run("t1", "token", "laptop", "operate", "a".repeat(64), null, AT_MS, null, AT_MS + 60_000);
  credential.run("l1", "login", "laptop", "operate", "b".repeat(64), "t1", AT_MS, AT_MS + 100 * 365 * 86_400_000, null);
  db.query("INSERT INTO audit_base (id, seq, hash) VALUES (1, 1, ?)").run("c".repeat(64));
  const body = {
    actor: "farm token",
    origin: "127.0.0.1",
    action: "POST /api/v1/hens/{id}/hatch",
    target: "local.coop/ada",
    status: 200,
    request_id: "r1",
    before: { state: "DEFINED" },
    after: { state: "IDLE" },
  };
  db.query("INSERT INTO audit (seq, at_ms, body, hash) VALUES (2, ?, ?, ?)").run(
    AT_MS,
    JSON.stringify(body),
    "c42d61b0e4a1f14d8bb3bb7e0ae0a4a2e6f1d4c5b6a7988776655443322110ff",
  );
}
