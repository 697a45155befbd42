import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { IS_ROOT, requirePrograms, runInNetwork } from "../testing/test-programs.ts";
import { type Handed, handOff } from "./hand-off.ts";
import { HAND_OFF_ARGUMENT } from "./hand-off-argument.ts";
import { makeNetNamespace, type NetNamespace } from "./net-namespace.ts";

setDefaultTimeout(30_000);
let namespace: NetNamespace;
const open: Handed[] = [];
beforeAll(async () => {
  namespace = await makeNetNamespace(requirePrograms(), IS_ROOT);
});
afterEach(() => {
  for (const handle of open.splice(0)) handle.close();
});
afterAll(() => namespace.close());

const bind = async (...requests: Parameters<typeof handOff>[2]) => {
  const handed = await handOff(requirePrograms(), namespace, requests);
  open.push(...handed);
  return handed;
};
const tcp = (address: string, port: number) => ({ kind: "tcp", address, port }) as const;

function helpers(): number[] {
  const isHelper = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(HAND_OFF_ARGUMENT);
    } catch {
      return false; // it ended while we looked
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isHelper(name))
    .map(Number);
}

test("a port that is taken fails the whole hand-off with its reason, and nothing stays bound", async () => {
  await bind(tcp("127.0.0.1", 81));
  const failing = handOff(requirePrograms(), namespace, [tcp("0.0.0.0", 82), tcp("127.0.0.1", 81)]);
  expect(failing).rejects.toMatchObject({ code: "sandbox_failed", cause: expect.stringContaining("EADDRINUSE") });
  await failing.catch(() => undefined);
  expect(await runInNetwork(namespace, "grep -ci ':0052 ' /proc/net/tcp || true")).toBe("0");
});

test("a helper that does not start, or a namespace that is gone, is told", async () => {
  const gone = await makeNetNamespace(requirePrograms(), IS_ROOT);
  gone.close();
  expect(handOff(requirePrograms(), gone, [tcp("0.0.0.0", 80)])).rejects.toMatchObject({ code: "sandbox_failed" });
  const missing = { ...requirePrograms(), nsenter: "/nonexistent" };
  expect(handOff(missing, namespace, [tcp("0.0.0.0", 80)])).rejects.toMatchObject({ code: "sandbox_failed" });
});

test("connections made inside arrive in the daemon, low ports included, with the address that was asked for", async () => {
  const [server] = (await bind(tcp("0.0.0.0", 443))) as [Server];
  const seen: AddressInfo[] = [];
  server.on("connection", (socket: Socket) => {
    seen.push({ address: socket.localAddress ?? "", port: socket.localPort ?? 0, family: "" });
    socket.end("from the daemon");
  });
  expect(await runInNetwork(namespace, "cat </dev/tcp/127.1.2.3/443")).toBe("from the daemon");
  expect(seen).toMatchObject([{ address: "127.1.2.3", port: 443 }]);
});

test("datagrams come and go", async () => {
  const [socket] = (await bind({ kind: "udp", address: "127.0.0.1", port: 53 })) as [UdpSocket];
  socket.on("message", (bytes, { port, address }) => socket.send(`${bytes} back`, port, address));
  const ask = "exec 3<>/dev/udp/127.0.0.1/53; printf there >&3; timeout 5 head -c 10 <&3";
  expect(await runInNetwork(namespace, ask)).toBe("there back");
});

test("nobody can listen beside us on the same port, even under our own uid", async () => {
  const steal = `perl -MSocket -e 'for my $a ("0.0.0.0","127.0.0.1","127.1.0.1") { socket(S,PF_INET,SOCK_STREAM,0);
    setsockopt(S,SOL_SOCKET,SO_REUSEADDR,1); setsockopt(S,SOL_SOCKET,15,1); # SO_REUSEPORT
    print bind(S,sockaddr_in(8443,inet_aton($a))) && listen(S,1) ? "bound " : "refused " }'`;
  expect(await runInNetwork(namespace, steal)).toBe("bound bound bound");
  await bind(tcp("0.0.0.0", 8443));
  expect(await runInNetwork(namespace, steal)).toBe("refused refused refused");
});

test("what was handed over, and the namespace, are inherited by no process that the daemon starts", async () => {
  await bind(tcp("0.0.0.0", 443), { kind: "udp", address: "127.0.0.1", port: 53 });
  const links = Bun.spawnSync(["sh", "-c", "readlink /proc/self/fd/* /proc/$$/fd/*; ls /proc/$$/fd"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const own = links.stdout.toString().split("\n");
  expect(own.filter((link) => /^(net|user):\[/.test(link))).toEqual([]);
  expect(own.filter((link) => /^\d+$/.test(link)).sort()).toEqual(["0", "1", "2"]);
});

test("nothing of ours stays inside", async () => {
  const [server] = (await bind(tcp("127.0.0.1", 3128))) as [Server];
  while (helpers().length > 0) await Bun.sleep(5); // the test's deadline bounds this
  server.close();
  open.length = 0;
  await once(server, "close");
  expect(await runInNetwork(namespace, "grep -c ' 0A ' /proc/net/tcp || true")).toBe("0"); // LISTEN
});
