import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { IS_ROOT, requirePrograms, runInNetwork } from "../testing/test-programs.ts";
import { hostNetNamespaceId, makeNetNamespace, type NetNamespace } from "./net-namespace.ts";

setDefaultTimeout(30_000);
const made: NetNamespace[] = [];
const make = async () => {
  const namespace = await makeNetNamespace(requirePrograms(), IS_ROOT);
  made.push(namespace);
  return namespace;
};
afterEach(() => {
  for (const namespace of made.splice(0)) namespace.close();
});

/** Descriptors of ours that lead to namespaces. */
function heldNamespaces(): string[] {
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // the descriptor of the listing itself
    }
  });
  return targets.filter((target) => /^(net|user):\[/.test(target));
}

/** Pids of processes of whoever that are in the network namespace. */
function processesIn(id: number): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === `net:[${id}]`;
    } catch {
      return false; // it ended while we looked, or is not ours to look at
    }
  });
}

test("programs that can't make one are told, and nothing is left open", async () => {
  const broken = { ...requirePrograms(), bwrap: "/bin/false" };
  expect(makeNetNamespace(broken, IS_ROOT)).rejects.toMatchObject({ code: "sandbox_failed" });
  await makeNetNamespace(broken, IS_ROOT).catch(() => undefined);
  expect(heldNamespaces()).toEqual([]);
});

test("a namespace is neither the host's nor another one's, and has nothing but a loopback that is up", async () => {
  const [one, two] = [await make(), await make()];
  expect(new Set([one.id, two.id, hostNetNamespaceId()]).size).toBe(3);
  expect(await runInNetwork(one, "readlink /proc/self/ns/net")).toBe(`net:[${one.id}]`);
  expect(await runInNetwork(one, "sed -n 's/^ *\\([^ :]*\\):.*/\\1/p' /proc/net/dev")).toBe("lo");
  expect(await runInNetwork(one, "wc -l < /proc/net/route")).toBe("1"); // its heading
  expect(await runInNetwork(one, "(: </dev/tcp/127.0.0.1/1) 2>&1 | grep -o 'Connection refused' | head -1")).toBe(
    "Connection refused",
  );
});

test("it stays without any process in it, and is gone when it is closed", async () => {
  const namespace = await make();
  while (processesIn(namespace.id).length > 0) await Bun.sleep(5); // its maker dies; the test's deadline bounds this
  await runInNetwork(namespace, "true");
  namespace.close();
  namespace.close();
  expect(heldNamespaces()).toEqual([]);
  expect(await runInNetwork(namespace, "true")).toMatch(/^exit /);
});
