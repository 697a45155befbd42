// Runs every try in hens of a real sandbox, and prints what came of it as one line of JSON behind `results: `.
import { once } from "node:events";
import { statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import type { EgressRecord, NetRule, NetworkSpec } from "coopd-core";
import { writeBeneath } from "../files/write-beneath.ts";
import { openSandbox } from "../open-sandbox.ts";
import type { Pen } from "../pen/pen.ts";
import { TEST_CERTIFICATES } from "../testing/test-certificates.ts";
import { henId, makeFolder, TEST_LOG } from "../testing/test-sandbox.ts";
import { PORTS } from "./places.ts";
import type { Came, Results, Way } from "./results.ts";
import { BARE, HOST_TRIES, LISTED, type Try, UNLISTED } from "./tries.ts";

/** What a server of the host says; a hen that says it has reached one. */
const HOST_WORD = "word-of-the-host";
const listed: NetworkSpec = { policy: "allowlist", allow: [rule("*.b.test", 80, 443, PORTS.otherHttps, PORTS.raw)] };
const egress: EgressRecord[] = [];

function rule(host: string, ...ports: number[]): NetRule {
  return { host, ports, private: false, methods: null, paths: null };
}

async function openHostServer(): Promise<number> {
  const said = `HTTP/1.1 200 OK\r\nContent-Length: ${HOST_WORD.length}\r\nConnection: close\r\n\r\n${HOST_WORD}`;
  const server = createServer((socket) => socket.on("error", () => undefined).end(said));
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  server.unref();
  return (server.address() as AddressInfo).port;
}

const [api, other] = [await openHostServer(), await openHostServer()];
const dataDir = makeFolder("coop-clients-");
const sandbox = await openSandbox({
  dataDir,
  disabled: false,
  log: TEST_LOG,
  ownPorts: () => [api],
  onEgress: (record) => egress.push(record),
});
let uid = sandbox.uidRange?.base;

async function openPen(name: string, network: NetworkSpec | null): Promise<Pen> {
  const pen = await sandbox.openPen({ henId: henId(name), uid, network });
  if (uid !== undefined) uid += 1;
  writeBeneath(pen, { path: "ca.pem", content: Buffer.from(TEST_CERTIFICATES.ca), append: false });
  return pen;
}

async function runIn(pen: Pen, script: string): Promise<Came> {
  const ca = `${pen.home}/ca.pem`;
  const exit = await sandbox.confine(pen, {
    argv: ["bash", "-c", script],
    env: {
      ...{ CURL_CA_BUNDLE: ca, SSL_CERT_FILE: ca, GIT_SSL_CAINFO: ca, NODE_EXTRA_CA_CERTS: ca, npm_config_cafile: ca },
      ...{ npm_config_registry: "https://registry.b.test/", npm_config_cache: "/tmp/npm" },
      ...{ npm_config_update_notifier: "false", API: String(api), OTHER: String(other) },
    },
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    outputBytesMax: 64 * 1024,
  });
  return { exitCode: exit.exitCode, stdout: exit.stdout.text, stderr: exit.stderr.text };
}

async function runBare(script: string): Promise<Came> {
  const env = { PATH: "/usr/bin:/bin", API: String(api), OTHER: String(other) };
  const child = Bun.spawn(["bash", "-c", script], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, stdout, stderr };
}

async function all(tries: readonly Try[], run: (script: string) => Promise<Came>): Promise<Record<string, Came>> {
  const came: Record<string, Came> = {};
  for (const { title, script } of tries) came[title] = await run(script);
  return came;
}

async function readTerminal(pen: Pen, script: string): Promise<string> {
  const size = { cols: 80, rows: 24 };
  const { signal } = new AbortController();
  const terminal = await sandbox.openTerminal(pen, { argv: ["bash", "-c", script], size, signal });
  let text = "";
  for (let bytes = await terminal.read(); bytes !== undefined; bytes = await terminal.read())
    text += Buffer.from(bytes);
  await terminal.ended;
  return text.trim();
}

async function askDoor({ henId: id }: Pen, network: NetworkSpec | null, host: string, port: number): Promise<string> {
  try {
    const request = { henId: id, network, host, port, via: "http_tool" } as const;
    const { socket } = await sandbox.door.connect(request, AbortSignal.timeout(10_000));
    socket.destroy();
    return "reached";
  } catch {
    return "refused";
  }
}

/** The same targets under each policy, by each way. */
async function compareWays(): Promise<Results["ways"]> {
  const targets = [
    { host: "www.b.test", port: PORTS.https, scheme: "https" },
    { host: "denied.c.test", port: PORTS.https, scheme: "https" },
    { host: "rebind.b.test", port: other, scheme: "http" },
  ];
  const byPolicy: Record<string, NetworkSpec | null> = {
    off: { policy: "off", allow: [] },
    open: null,
    allowlist: { policy: "allowlist", allow: [rule("*.b.test", PORTS.https, other)] },
  };
  const ways: Record<string, Record<string, Record<Way, string>>> = {};
  for (const [policy, network] of Object.entries(byPolicy)) {
    const pen = await openPen(`ways-${policy}`, network);
    const own: Record<string, Record<Way, string>> = {};
    for (const { host, port, scheme } of targets) {
      const ask = `curl -f -sS -k -m 20 -o /dev/null ${scheme}://${host}:${port}/ 2>/dev/null && echo reached || echo refused`;
      own[host] = {
        process: (await runIn(pen, ask)).stdout.trim(),
        terminal: await readTerminal(pen, ask),
        door: await askDoor(pen, network, host, port),
      };
    }
    ways[policy] = own;
  }
  return ways;
}

/** Policies change under a process that runs: what it has is cut, what it asks for next is let out. */
async function changePolicies(): Promise<Results["changes"]> {
  const pen = await openPen("changing", listed);
  const downloading = runIn(pen, "curl -sS -N https://www.b.test/slow -o slow");
  const size = () => statSync(`${pen.workdir}/slow`, { throwIfNoEntry: false })?.size ?? 0;
  while (size() === 0) await Bun.sleep(5); // the whole run has a deadline
  await sandbox.setNetwork(pen.henId, { policy: "off", allow: [] });
  const cut = await downloading;
  const denied = "curl -sS -k --noproxy '*' https://denied.c.test/";
  const newPort = `(exec 3<>/dev/tcp/raw.b.test/${PORTS.unlistedRaw} && cat <&3)`;
  const waiting = runIn(pen, `touch waits; until ${denied} && ${newPort}; do sleep 0.05; done 2>/dev/null`);
  while (statSync(`${pen.workdir}/waits`, { throwIfNoEntry: false }) === undefined) await Bun.sleep(5);
  const allow = [rule("denied.c.test", 443), rule("raw.b.test", PORTS.unlistedRaw)];
  await sandbox.setNetwork(pen.henId, { policy: "allowlist", allow });
  return { cut, opened: await waiting };
}

const hen = await openPen("listed", listed);
const policies: Readonly<Record<string, NetworkSpec | null>> = {
  off: { policy: "off", allow: [] },
  open: null,
  allowlist: { policy: "allowlist", allow: [rule("*.b.test", 443, api, other)] },
  // Its own door is closed to everybody; the other server is what private: true is for.
  "allowlist that names both": { policy: "allowlist", allow: [{ ...rule("127.0.0.1", api, other), private: true }] },
};
const host: Record<string, Record<string, Came>> = { bare: await all(HOST_TRIES, runBare) };
for (const [name, network] of Object.entries(policies)) {
  const pen = await openPen(name.replaceAll(" ", "-"), network);
  host[name] = await all(HOST_TRIES, (script) => runIn(pen, script));
}
const results: Results = {
  walls: sandbox.walls,
  bare: await all(BARE, runBare),
  listed: await all(LISTED, (script) => runIn(hen, script)),
  unlisted: await all(UNLISTED, (script) => runIn(hen, script)),
  host,
  hostWord: HOST_WORD,
  ways: await compareWays(),
  changes: await changePolicies(),
  egress,
};
process.stdout.write(`results: ${JSON.stringify(results)}\n`);
await sandbox.close();
process.exit(0);
