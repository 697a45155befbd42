import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { type NetworkSpec, toCoopError, type WallRow } from "coopd-core";
import { PROXY_PORT } from "../gate/transparent-ports.ts";
import type { HenNetworks } from "../network/hen-networks.ts";
import { OWN_HENS } from "./own-hens.ts";
import { type ProbeParts, runProbe } from "./probe-pen.ts";

/** Names under `.test` are nobody's (RFC 6761); neither is ever looked up, for nothing is sent to them. */
const NAMED = "gate.coop.test";
const UNNAMED = "elsewhere.coop.test";

/**
 * Asks the gate for both of the daemon's listeners, of which it may reach one; goes for the other one past the gate; and has a
 * listed and an unlisted name made out. What came is printed as `key=value`.
 */
const SCRIPT = `
ask() {
  exec 3<>/dev/tcp/127.0.0.1/${PROXY_PORT} || return
  printf 'CONNECT 127.0.0.1:%s HTTP/1.1\\r\\nHost: 127.0.0.1:%s\\r\\n\\r\\n' "$1" "$1" >&3
  timeout 4 head -c 4096 <&3 | tr -d '\\r' | tr '\\n' ' '
}
echo "through=$(ask "$1")"
echo "refused=$(ask "$2")"
echo "beside=$(timeout 1 cat <"/dev/tcp/127.0.0.1/$2")"
(: <"/dev/tcp/${NAMED}/443") && echo named=yes
(: <"/dev/tcp/${UNNAMED}/443") && echo unnamed=yes
`;

/**
 * Measures whether a hen gets out through the gate, and only through it: bytes must come through it from a listener of the
 * daemon's own that the hen's policy names, and neither by it nor past it from one that the policy does not name. Its network,
 * which takes longest, is made from the call on; the way to measure is what is returned, to be called once.
 */
export function prepareGateProbe(networks: HenNetworks): (parts: ProbeParts) => Promise<WallRow> {
  const opening = Promise.all([openListener(), openListener()]);
  const holding = opening.then(([open]) => {
    networks.introduce(OWN_HENS.gateProbe, policyOf(open.port));
    return networks.hold(OWN_HENS.gateProbe);
  });
  holding.catch(() => undefined); // told when it is measured
  return async (parts) => {
    try {
      const [open, closed] = await opening;
      const held = await holding;
      const script = ["bash", "-c", SCRIPT, "coop-probe", String(open.port), String(closed.port)];
      const { stdout, stderr } = await runProbe(OWN_HENS.gateProbe, parts, script).finally(held.release);
      return judge(stdout.text, stderr.text, open.word, closed.word);
    } catch (thrown) {
      const { message, cause } = toCoopError(thrown, "sandbox_failed");
      return refused(cause === undefined ? message : `${message}: ${String(cause).trim()}`);
    } finally {
      await networks.remove(OWN_HENS.gateProbe);
      for (const { server } of await opening) server.close();
    }
  };
}

/** The one rule of the probe; a private address, since the listener is on this host. */
function policyOf(port: number): NetworkSpec {
  const any = { methods: null, paths: null };
  return {
    policy: "allowlist",
    allow: [
      { host: "127.0.0.1", ports: [port], private: true, ...any },
      { host: NAMED, ports: [443], private: false, ...any },
    ],
  };
}

function judge(said: string, complained: string, open: string, closed: string): WallRow {
  const seen = new Map(said.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]));
  if (said.includes(closed)) return refused("a confined test process reached the host's loopback");
  if (!seen.get("through")?.endsWith(open)) {
    return refused(`a confined test process got nothing through the gate: ${seen.get("through")} ${complained}`.trim());
  }
  if (!seen.get("refused")?.startsWith("HTTP/1.1 403 ")) {
    return refused(`the gate did not refuse an unlisted port: ${seen.get("refused")}`);
  }
  if (seen.get("named") !== "yes") return refused(`the gate's name server did not answer: ${complained}`.trim());
  if (seen.get("unnamed") === "yes") return refused("the gate's name server knew an unlisted name");
  return { holds: true };
}

function refused(reason: string): WallRow {
  return { holds: false, reason: reason.slice(0, 500) };
}

interface Listener {
  readonly server: Server;
  readonly port: number;
  /** What it says to whoever connects. */
  readonly word: string;
}

async function openListener(): Promise<Listener> {
  const word = `coop-${randomBytes(12).toString("hex")}`;
  const server = createServer((socket) => socket.on("error", () => undefined).end(word));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port, word };
}
