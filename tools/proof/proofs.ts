/**
 * One *Shown by*: a program that ends with 0 when it holds. It prints its seeds, and its figures as lines
 * `figure: NAME = VALUE`; both land in docs/results.md. It runs from the repository's root.
 */
export interface Proof {
  /** Issue and place in its list: `2.1`; a letter behind it where one *Shown by* takes several programs. */
  readonly id: string;
  readonly title: string;
  readonly command: readonly string[];
  /** After this long it hangs; it is killed and has failed. */
  readonly minutesMax: number;
}

/** Runs a program of the repository with Bun, deaf to `.env` and `bunfig.toml`. */
function bun(...args: readonly string[]): readonly string[] {
  return [process.execPath, "--no-env-file", "--config=/dev/null", ...args];
}

/** Every proof, in the order in which they run. Add yours here. */
export const PROOFS: readonly Proof[] = [
  {
    id: "2.1",
    title:
      "A fresh clone in a clean Debian root: npm start to a finished job, npm test green, as root and as a plain user",
    command: bun("tools/proof/fresh-debian/main.ts"),
    minutesMax: 90,
  },
  {
    id: "2.2",
    title: "The main job with both programs, from source and built; coop watch shows its events in order",
    command: bun("test", "./tools/e2e/main-job.test.ts"),
    minutesMax: 5,
  },
  {
    id: "2.3",
    title: "Bad manifests: a precise error each, never a crash",
    command: bun("test", "./packages/coopd-core/src/manifest/"),
    minutesMax: 15,
  },
  {
    id: "2.4",
    title: "Killed during a job, the daemon goes on from the journal and runs nothing twice",
    command: bun("test", "./packages/coopd/src/orchestrator/restart.test.ts"),
    minutesMax: 15,
  },
  {
    id: "2.5",
    title: "npm run check in under 30 s, with a seeded violation for every rule",
    command: bun("tools/proof/check-time.ts"),
    minutesMax: 5,
  },
  {
    id: "3.1",
    title: "Killed at every named point and at 500 random moments over 50 hens: nothing lost, nothing twice; bad disks",
    command: bun("tools/proof/crash/main.ts", "--kills", "500", "--hens", "50", "--points", "--disk"),
    minutesMax: 60,
  },
  {
    id: "3.2",
    title: "The Store against an in-memory oracle: 100,000 random operations with crashes between",
    command: bun("packages/coopd-storage/proof/model.ts", "--ops", "100000", "--seed", "20260729"),
    minutesMax: 30,
  },
  {
    id: "3.3",
    title: "The bench: every figure within its budget of architecture §8",
    command: bun("bench/main.ts", "--strict"),
    minutesMax: 20,
  },
  {
    id: "3.4",
    title: "Every race of weaknesses D",
    command: bun(
      "test",
      "./packages/coopd/src/farm/races.test.ts",
      "./packages/coopd/src/farm/control.test.ts",
      "./packages/coopd/src/orchestrator/stop.test.ts",
      "./packages/coopd/src/orchestrator/restart.test.ts",
    ),
    minutesMax: 10,
  },
  {
    id: "4.1",
    title: "coop doctor --attack as root and as a plain user: nothing gets out",
    command: bun("tools/proof/walls/attack.ts"),
    minutesMax: 10,
  },
  {
    id: "4.1b",
    title: "With each wall taken away in turn the attack reports the breach",
    command: bun("test", "./packages/coopd-sandbox/src/doctor/"),
    minutesMax: 15,
  },
  {
    id: "4.2",
    title: "A tree of traps, a racer against the file tools, bombs of every kind",
    command: bun("test", "./packages/coopd-sandbox/src/hostile-tree.test.ts"),
    minutesMax: 15,
  },
  {
    id: "4.2b",
    title: "healthz answers within 50 ms (p99) while eight hens do their worst",
    command: bun("tools/proof/walls/hostile-farm.ts"),
    minutesMax: 5,
  },
  {
    id: "4.3",
    title: "The nested-mount trap makes no host file, and the lint refuses a mount below the writable bind",
    command: bun("test", "./packages/coopd-sandbox/src/launch/", "./packages/coopd-sandbox/src/sandbox.test.ts"),
    minutesMax: 10,
  },
  {
    id: "4.4",
    title: "A sandboxed true costs at most half as much again as bwrap with the same arguments; a hen's first process",
    command: bun("packages/coopd-sandbox/proof/launch-cost.ts"),
    minutesMax: 5,
  },
  {
    id: "5.1",
    title:
      "curl, git, npm, python, node, perl and SOCKS in an allowlist hen: what is listed works, all else fails and says why",
    command: bun("test", "./packages/coopd-sandbox/src/real-clients/", "./tools/e2e/gate.test.ts"),
    minutesMax: 10,
  },
  {
    id: "5.2",
    title: "Spellings of hosts and addresses, the edges of the IANA registries, names that rebind, mix and delay",
    command: bun("test", "./packages/coopd-core/src/net/", "./packages/coopd-sandbox/src/dial/"),
    minutesMax: 5,
  },
  {
    id: "5.3",
    title: "Smuggled requests: all refused, alone, in tunnels and caught on their way",
    command: bun("test", "./packages/coopd-sandbox/src/gate/"),
    minutesMax: 5,
  },
  {
    id: "5.3b",
    title: "The gate's parsers over 1,000,000 inputs: no crash, nothing that 48 kinds of servers read differently",
    command: bun("packages/coopd-sandbox/proof/fuzz.ts", "--inputs", "1000000"),
    minutesMax: 30,
  },
  {
    id: "5.4",
    title:
      "50 hens with 64 connections each, slow, deaf and flooding, and downloads of 1 GiB: flat memory, healthz p99 ≤ 50 ms",
    command: bun("tools/proof/gate/load.ts"),
    minutesMax: 20,
  },
  {
    id: "5.5",
    title: "What the gate costs beside a direct connection and a plain CONNECT proxy",
    command: bun("bench/main.ts", "--only", "gate"),
    minutesMax: 5,
  },
  {
    id: "6.1",
    title: "What comes over each wire is decoded; the same ten turns leave the same journal on every wire",
    command: bun("test", "./packages/coopd-brain/src/", "./packages/coopd/src/brains/same-journal.test.ts"),
    minutesMax: 10,
  },
  {
    id: "6.2",
    title: "A public mock server drives a hen through a job of several tools, on each wire",
    command: bun("test", "./packages/coopd/src/brains/public-mock.test.ts"),
    minutesMax: 5,
  },
  {
    id: "6.3",
    title: "10,000 mutated vault files, 200 of them through the whole Argon2id: a typed error each, none touched",
    command: bun("packages/coopd-vault/proof/mutations.ts", "--count", "10000", "--whole", "200"),
    minutesMax: 20,
  },
  {
    id: "6.3b",
    title: "The contract's vault vector in both directions, and against other libraries than ours",
    command: bun("test", "./packages/coopd-vault/src/file/", "./packages/coopd-vault/src/vault/"),
    minutesMax: 10,
  },
  {
    id: "6.4",
    title: "Azure Key Vault against a fake over TLS: both identities, expiry, throttling, outage, hostile names",
    command: bun("test", "./packages/coopd-vault/src/azure/"),
    minutesMax: 5,
  },
  {
    id: "6.5",
    title: "Canary keys in nothing that is written, printed, answered, or handed to a process",
    command: bun("test", "./tools/e2e/canary/"),
    minutesMax: 10,
  },
  {
    id: "7.1",
    title:
      "Terminals: 10 MB, floods, pastes, size storms, an editor, fifty at once, a page in a real browser; nothing is left",
    command: bun("test", "./packages/coopd/src/terminals/", "./tools/e2e/terminal-page.test.ts"),
    minutesMax: 20,
  },
  {
    id: "7.2",
    title: "The doctor's whole attack from inside a terminal, and from where an agent runs: nothing gets out",
    command: bun(
      "test",
      "./packages/coopd-sandbox/src/attack/in-terminal.test.ts",
      "./packages/coopd-sandbox/src/terminal/",
    ),
    minutesMax: 20,
  },
  {
    id: "7.3",
    title: "The real Claude Code and Codex from npm start in a hen up to their login prompt",
    command: bun("tools/proof/terminals/real-agents.ts"),
    minutesMax: 20,
  },
  {
    id: "8.1",
    title:
      "The contract's end-to-end steps from outside: HTTP, WebSocket and command line, with COOP_AUTH=none COOP_RESUME=fail",
    command: bun("test", "./tools/conformance/"),
    minutesMax: 10,
  },
  {
    id: "8.2",
    title:
      "A page on another origin, a sandboxed frame, a rebound name and a hen's own bash reach neither API nor page",
    command: bun("test", "./tools/e2e/other-origin.test.ts"),
    minutesMax: 10,
  },
  {
    id: "8.2b",
    title: "Every route with no token, a wrong one, and each scope; every route called by its document alone",
    command: bun("test", "./packages/coopd/src/http/door/", "./packages/coopd/src/http/by-document.test.ts"),
    minutesMax: 5,
  },
  {
    id: "8.3",
    title: "200,000 requests made of the OpenAPI document: no 500, no crash, memory flat",
    command: bun("tools/proof/door/fuzz.ts", "--requests", "200000", "--seed", "20261126"),
    minutesMax: 30,
  },
  {
    id: "8.3b",
    title: "2,000 idle and 500 busy watchers, clients that never finish, 10 MB bodies and header bombs at once",
    command: bun("tools/proof/door/siege.ts"),
    minutesMax: 5,
  },
  {
    id: "9.1",
    title:
      "The page in a real browser: a flock of 60 answered by keys alone, every screen, its frame, accessibility, both themes, phone",
    command: bun("test", "--timeout=60000", "./tools/e2e/page/"),
    minutesMax: 30,
  },
  {
    id: "9.2",
    title:
      "A job's words while it runs, after a reload, and over a daemon that was killed: nothing missing, nothing twice",
    command: bun("test", "--timeout=60000", "./tools/e2e/page/stream.test.ts"),
    minutesMax: 10,
  },
  {
    id: "9.3",
    title:
      "A terminal on the page: keys, colours, sizes, a lost line, a killed daemon, 10 MB with clicks in the middle, hostile programs",
    command: bun("test", "./tools/e2e/page/terminals.test.ts", "./tools/e2e/page/terminal-link.test.ts"),
    minutesMax: 15,
  },
  {
    id: "9.4",
    title: "Hostile prompts, results, names and tool output: what works on a bare page does nothing on ours",
    command: bun("test", "--timeout=60000", "./tools/e2e/page/hostile.test.ts"),
    minutesMax: 10,
  },
  {
    id: "9.5",
    title: "1,000 hens and 50 changes a second: frames and memory of the page; the first load",
    command: bun("bench/main.ts", "--only", "page", "--strict"),
    minutesMax: 10,
  },
  {
    id: "9.6",
    title: "Pictures of every screen by day, by night and on a phone, taken anew",
    command: bun("tools/e2e/page/screenshots.ts"),
    minutesMax: 15,
  },
  {
    id: "10.1",
    title:
      "The Debian package in a clean root that runs its own systemd: the unit starts, strict policy, upgrade, removal, purge",
    command: bun("tools/proof/packages/main.ts", "deb"),
    minutesMax: 20,
  },
  {
    id: "10.2",
    title: "The executable alone in an empty folder of a clean root: farm, page and doctor",
    command: bun("tools/proof/packages/main.ts", "alone"),
    minutesMax: 20,
  },
  {
    id: "10.3",
    title:
      "Docs: every block of commands runs and shows what the page says; links, YAML, JSON and references are right",
    command: bun("test", "./tools/reading/", "./tools/docs/"),
    minutesMax: 10,
  },
  {
    id: "10.4",
    title:
      "Conformance from outside: our daemon and programs keep the contract; each check turns red when its fact is broken",
    command: bun("test", "./tools/conformance/"),
    minutesMax: 10,
  },
];
