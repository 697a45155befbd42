import type { Database } from "bun:sqlite";
import { fillAttention } from "./attention.ts";

const AT_MS = Date.UTC(2026, 0, 1);

/** What the version before held, a day's spending of a hen and of one that is gone, and a call that was under way. */
export function fillSpend(db: Database): void {
  fillAttention(db);
  const day = AT_MS / 86_400_000;
  const spend = db.query("INSERT INTO spend VALUES (?, ?, 'anthropic', 'claude-x', 1, 10, 1, 0, 0, 45, 0, 0, 0)");
  spend.run(day, "local.coop/ada");
  spend.run(day, "");
  const plan = {
    provider: "anthropic",
    model: "claude-x",
    request_bytes: 100,
    worst: { input_tokens: 100, output_tokens: 20, usd_micros: 600 },
  };
  db.query(
    "INSERT INTO open_calls (job_no, hen_id, day, tokens, usd_micros, plan) VALUES (2, 'local.coop/ada', ?, 120, 600, ?)",
  ).run(day, JSON.stringify(plan));
}
