import type { Database } from "bun:sqlite";
import { fillAccess } from "./access.ts";

/** What the version before held, and a thing that a person has waved aside. */
export function fillAttention(db: Database): void {
  fillAccess(db);
  db.query("INSERT INTO dismissals (id, at_ms) VALUES (?, ?)").run("hatch:local.coop/ada:1", Date.UTC(2026, 0, 1));
}
