// The gate by itself, with one hen seated on loopback whose policy lists 127.0.0.2 at the port that is given. Prints the proxy's port.
import net, { type AddressInfo, type Server } from "node:net";
import { parseHenId } from "../packages/coopd-core/src/index.ts";
import { createGate } from "../packages/coopd-sandbox/src/index.ts";

const gate = createGate({
  record: () => {},
  clock: { nowMs: () => Date.now() },
  limits: { newPerSecond: 1e6, newBurst: 1e6 },
});
const far = { host: "127.0.0.2", ports: [Number(process.argv[2])], private: true, methods: null, paths: null };
const [proxy, dnsTcp] = await Promise.all([listen(), listen()]);
gate.seat({
  henId: parseHenId("local.coop/bench"),
  network: { policy: "allowlist", allow: [far] },
  listeners: { proxy, dnsTcp, dnsUdp: { onMessage() {}, send() {}, close() {} }, transparent: new Map() },
});
console.log((proxy.address() as AddressInfo).port);

function listen(): Promise<Server> {
  const server = net.createServer({ allowHalfOpen: true });
  return new Promise((up) => server.listen(0, "127.0.0.1", () => up(server)));
}
