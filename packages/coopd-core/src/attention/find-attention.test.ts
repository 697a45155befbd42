import { expect, test } from "bun:test";
import { type TaskId, toInstant } from "../ids/brand.ts";
import { parseHenId } from "../ids/hen-id.ts";
import type { EgressEntry } from "../net/egress-log.ts";
import { createTask } from "../task/task.ts";
import { agentNeedsYou, egressNeedsYou, wantNeedsYou } from "./find-attention.ts";

const HEN = parseHenId("local.coop/ada");
const AT = toInstant(0);

const denied = (parts: Partial<EgressEntry>): EgressEntry => ({
  hen_id: HEN,
  at: AT,
  via: "connect",
  host: "evil.example",
  port: 443,
  method: null,
  path: null,
  verdict: "denied",
  code: "no_rule",
  rule: null,
  reason: "no rule names evil.example",
  allow: "evil.example:443",
  address: null,
  bytes_up: 0,
  bytes_down: 0,
  count: 1,
  job_id: null,
  next: "coop hen allow local.coop/ada evil.example:443",
  seq: 1,
  ...parts,
});

test("a name that was looked up and the connection to it are one thing, other ports are others", () => {
  const [connect, dns, other] = [
    egressNeedsYou(denied({})),
    egressNeedsYou(denied({ via: "dns", port: 0 })),
    egressNeedsYou(denied({ port: 80, allow: "evil.example:80" })),
  ];
  expect(dns.id).toBe(connect.id);
  expect(other.id).not.toBe(connect.id);
  expect(connect.actions[0]?.command).toBe("coop hen allow local.coop/ada evil.example:443");
});

test("what no rule could let out offers no way to allow it", () => {
  const item = egressNeedsYou(denied({ host: "169.254.169.254", port: 80, allow: null, next: null }));
  expect(item.summary).toStartWith("169.254.169.254:80 was denied");
  expect(item.actions.map(({ label }) => label)).toEqual(["See all that it asked for"]);
});

test("what keeps a job waiting is answered by the very command that ends it, and by no other", () => {
  const actions = (next: string | undefined) =>
    wantNeedsYou(HEN, { needs: "vault", reason: "a key is missing", next }, AT, 1).actions.map((action) => [
      action.label,
      action.command,
    ]);
  expect(actions("coop vault unlock /srv/vault.json")).toEqual([
    ["Unlock the vault", "coop vault unlock /srv/vault.json"],
  ]);
  expect(actions("coop vault put /srv/vault.json a-key")).toEqual([
    ["Put the key in", "coop vault put /srv/vault.json a-key"],
  ]);
  expect(actions("coop vault bind /srv/vault.json a-key llm.example.org")).toEqual([
    ["Let the key go there", "coop vault bind /srv/vault.json a-key llm.example.org"],
  ]);
  const look = ["See what it needs", "coop hen get local.coop/ada"];
  expect(actions("Use https:// in brain.base_url.")).toEqual([
    look,
    ["Change its brain", "coop hen edit local.coop/ada"],
  ]);
  expect(actions(undefined)).toEqual([look, ["Change its brain", "coop hen edit local.coop/ada"]]);
});

test("a summary is one short line and evidence is bounded, whatever a hen wrote", () => {
  const want = { needs: "vault", reason: `${"x".repeat(999)}\nsecond line`, next: undefined } as const;
  const { summary, evidence } = wantNeedsYou(HEN, want, AT, 1);
  expect(summary.length).toBeLessThanOrEqual(220);
  expect(summary).not.toContain("\n");
  expect(evidence).toBeNull();
  const task = createTask({ id: "t" as TaskId, prompt: "y".repeat(1_000_000), kind: null, leaseId: null, at: AT });
  expect(agentNeedsYou(task, HEN, "somebody to look").evidence?.length).toBe(2_000);
});
