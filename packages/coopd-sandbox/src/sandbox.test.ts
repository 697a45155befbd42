import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { CoopError } from "coopd-core";
import { openSandbox } from "./open-sandbox.ts";
import type { Pen } from "./pen/pen.ts";
import type { ConfineSpec } from "./run/confine-spec.ts";
import { henId, makeFolder, openTestSandbox, TEST_LOG, type TestSandbox } from "./testing/test-sandbox.ts";
import { testWhere } from "./testing/test-where.ts";

const isRoot = process.getuid?.() === 0;
setDefaultTimeout(60_000); // a busy machine is no failure
let bench: TestSandbox;
let pen: Pen;

beforeAll(async () => {
  bench = await openTestSandbox();
  pen = await bench.openPen("aria");
});

afterAll(() => bench.close());

async function failure(work: Promise<unknown>): Promise<CoopError> {
  return work.then(
    () => expect.unreachable(),
    (thrown) => {
      expect(thrown).toBeInstanceOf(CoopError);
      return thrown;
    },
  );
}

/** Pids on the host whose command line has the text; a zombie has none. */
function hostProcesses(text: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false; // it ended while we looked
    }
  });
}

test("this host confines: every row is measured as holding", () => {
  expect(bench.sandbox.walls).toMatchObject({
    confine: { holds: true },
    networkOff: { holds: true },
    gate: { holds: true },
  });
});

test("where the gate does not hold, its row says why, and a hen of policy open runs without network", async () => {
  const judge = () => ({ reason: "closed for this test", mayBeOpened: false });
  const gateless = await openTestSandbox({}, {}, { judge });
  expect(gateless.sandbox.walls).toMatchObject({
    confine: { holds: true },
    networkOff: { holds: true },
    gate: { holds: false, reason: expect.stringContaining("nothing through the gate: HTTP/1.1 403") },
  });
  const { henId: id, uid } = await gateless.openPen("aria");
  const pen = await gateless.sandbox.openPen({ henId: id, uid, network: null });
  const listeners = await gateless.run(pen, "grep -c ' 0A ' /proc/net/tcp; env | grep -ci proxy");
  expect(listeners.stdout.text).toBe("0\n0\n");
  await gateless.close();
});

test("switched off, nothing runs, and folders are still made and removed", async () => {
  const dataDir = makeFolder("coop-off-");
  const sandbox = await openSandbox({ dataDir, disabled: true, log: TEST_LOG });
  const closed = await sandbox.openPen({ henId: henId("aria"), uid: sandbox.uidRange?.base });
  expect(lstatSync(closed.workdir).mode & 0o777).toBe(0o700);
  const spec = { argv: ["true"], timeoutMs: 1000, signal: new AbortController().signal, outputBytesMax: 10 };
  const error = await failure(sandbox.confine(closed, spec));
  expect([error.code, error.message]).toEqual(["walls_missing", expect.stringContaining("COOP_SANDBOX=0")]);
  await sandbox.removePen(henId("aria"));
  expect(existsSync(closed.workdir)).toBe(false);
});

testWhere(isRoot, "only a root daemon has uids to give")(
  "a root daemon runs nothing for a hen without a uid of its own",
  async () => {
    const own = await bench.sandbox.openPen({ henId: henId("no-uid"), uid: undefined });
    expect((await failure(bench.run(own, "true"))).code).toBe("walls_missing");
  },
);

testWhere(isRoot, "only a root daemon has uids to give")(
  "a root daemon whose hens would share ids with a user runs nothing",
  async () => {
    const conflicting = Number(/^nobody:x:(\d+)/m.exec(readFileSync("/etc/passwd", "utf8"))?.[1]) - 10;
    const other = await openTestSandbox({}, { uidBase: conflicting });
    expect(other.sandbox.uidRange).toBeUndefined();
    expect(other.sandbox.walls.confine).toMatchObject({ holds: false, reason: expect.stringContaining("nobody") });
    await other.close();
  },
);

test("the daemon's environment is nowhere inside, not even in the first process", async () => {
  process.env.COOP_TEST_SECRET = "s3cr3t-value";
  const look = "env; for p in /proc/[0-9]*; do cat $p/environ $p/cmdline; done 2>/dev/null | tr '\\0' '\\n'";
  const open = await openTestSandbox({ emptyEnvironment: false });
  const seen = await open.run(await open.openPen("aria"), look);
  expect(seen.stdout.text).toContain("s3cr3t-value"); // the attack works without the wall
  await open.close();
  const { stdout } = await bench.run(pen, look);
  expect(stdout.text).toContain("COOP_HEN_ID=local.coop/aria\n");
  expect(stdout.text).not.toContain("s3cr3t-value");
  expect(stdout.text).not.toContain(bench.dataDir);
  delete process.env.COOP_TEST_SECRET;
});

test("the environment inside is exactly the built one", async () => {
  const { stdout } = await bench.run(pen, "exec env", { env: { EXTRA: "a b" } });
  const rows = stdout.text
    .trim()
    .split("\n")
    .filter((row) => !/^(PWD|SHLVL|_)=/.test(row)); // bash's own
  expect(rows.sort()).toEqual([
    "COOP_HEN_ID=local.coop/aria",
    "COOP_HEN_WORKDIR=/home/aria",
    "EXTRA=a b",
    "HOME=/home/aria",
    "LANG=C.UTF-8",
    "LOGNAME=aria",
    "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    "TERM=dumb",
    "TMPDIR=/tmp",
    "USER=aria",
  ]);
});

test("nothing of the host's files but the toolset is there, and nothing but the workdir can be written", async () => {
  writeFileSync(`${bench.dataDir}/vault.secret`, "decoy");
  const { stdout } = await bench.run(
    pen,
    `ls -A / /etc /home; ls /root /var /srv /opt /mnt /sys ${bench.dataDir} ${process.cwd()} 2>&1
     for d in / /etc /usr /usr/bin /dev /home /proc/sys/kernel /proc; do touch $d/coop-x 2>/dev/null && echo "WROTE $d"; done
     find / -xdev -name vault.secret 2>/dev/null; cat /etc/passwd; touch ~/ok && echo "wrote home"`,
  );
  expect(stdout.text).not.toContain("WROTE");
  expect(stdout.text).not.toContain("vault.secret");
  expect(stdout.text).toContain("wrote home");
  expect(stdout.text.match(/No such file or directory/g)).toHaveLength(8);
  expect(stdout.text).not.toMatch(/shadow|sudoers|\.ssh/);
});

test("there is no network: only a loopback with nobody on it, and no abstract socket of the host", async () => {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("host loopback") });
  const look = `exec 3<>/dev/tcp/127.0.0.1/${server.port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3; cat /proc/net/dev`;
  const open = await openTestSandbox({ privateNetwork: false });
  expect(open.sandbox.walls.networkOff.holds).toBe(false); // the measured row goes red with its wall
  expect((await open.run(await open.openPen("aria"), look)).stdout.text).toContain("host loopback");
  await open.close();
  const { stdout, stderr } = await bench.run(pen, look);
  expect(stdout.text).not.toContain("host loopback");
  expect(stderr.text).toContain("Connection refused");
  expect(Array.from(stdout.text.matchAll(/^\s*(\S+):/gm), (row) => row[1])).toEqual(["lo"]);
  await server.stop(true);
});

test("children that leave their session die with their command", async () => {
  const mark = `77${process.pid}`;
  const exit = await bench.run(
    pen,
    `setsid nohup sleep ${mark} >/dev/null 2>&1 & (setsid sleep ${mark} &) ; sleep 0.2; echo bye`,
  );
  expect(exit.stdout.text).toBe("bye\n");
  expect(hostProcesses(mark)).toEqual([]);
});

test("a deadline kills the whole tree and keeps the output so far", async () => {
  const mark = `78${process.pid}`;
  const script = `trap '' TERM INT HUP; echo before; setsid sleep ${mark} & sleep ${mark}`;
  const exit = await bench.run(pen, script, { timeoutMs: 600 });
  expect(exit).toMatchObject({ exitCode: -1, signal: "SIGKILL", timedOut: true, stdout: { text: "before\n" } });
  expect(hostProcesses(mark)).toEqual([]);
});

test("a signal kills the whole tree, however early it comes, and is told as cancelled", async () => {
  const mark = `79${process.pid}`;
  for (const afterMs of [0, 1, 2, 3, 5, 8, 13, 40]) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), afterMs);
    const error = await failure(bench.run(pen, `setsid sleep ${mark} & sleep ${mark}`, { signal: controller.signal }));
    expect(error.code).toBe("cancelled");
    expect(hostProcesses(mark)).toEqual([]);
  }
  const error = await failure(bench.run(pen, "true", { signal: AbortSignal.abort() }));
  expect(error.code).toBe("cancelled");
});

test("the only descriptors inside are the three standard ones, and standard input is empty", async () => {
  const { stdout } = await bench.run(
    pen,
    "ls /proc/self/fd; read -r x || echo 'no input'; echo to-stdout >/dev/stdout; echo again | tee /dev/stderr",
  );
  expect(stdout.text).toBe("0\n1\n2\n3\nno input\nto-stdout\nagain\n"); // 3 is ls reading the folder
  const fed = await bench.run(pen, "cat", { stdin: Buffer.from("fed") });
  expect(fed.stdout.text).toBe("fed");
});

test("exit codes are the command's; a command that does not exist is a failure of the call", async () => {
  expect((await bench.run(pen, "exit 42")).exitCode).toBe(42);
  expect((await bench.run(pen, "kill -9 $$")).exitCode).toBe(137);
  if (isRoot) expect((await failure(bench.run(pen, "", { argv: ["no-such-program"] }))).code).toBe("sandbox_failed");
  else expect((await bench.run(pen, "", { argv: ["no-such-program"] })).exitCode).toBe(127); // said by prlimit, inside
});

test("what can't be handed to a process is refused before anything starts", async () => {
  const specs: Partial<ConfineSpec>[] = [
    { argv: [] },
    { argv: ["a\0b"] },
    { argv: ["x".repeat(200_000)] },
    { env: { "A=B": "c" } },
    { env: { A: "x\0y" } },
    { timeoutMs: 0 },
    { timeoutMs: Number.NaN },
  ];
  for (const spec of specs) {
    expect((await failure(bench.run(pen, "true", spec))).code).toBe("sandbox_failed");
  }
});

test("a flood of output is bounded and its end is kept", async () => {
  const { stdout } = await bench.run(pen, "yes | head -c 50000000; echo; echo the end");
  expect(stdout.bytes).toBe(50_000_009);
  expect(stdout.text.length).toBeLessThan(70_000);
  expect(stdout.text.endsWith("\nthe end\n")).toBe(true);
});

test("limits hold: processes, file size, open files, no core dumps, no locked memory", async () => {
  const { stdout } = await bench.run(pen, "ulimit -u; ulimit -n; ulimit -c; ulimit -l; ulimit -f; umask");
  expect(stdout.text).toBe("400\n4096\n0\n64\n4194304\n0022\n");
});

test("a manifest's read-only folders are there, and only that; dangerous ones are refused", async () => {
  const shared = makeFolder("coop-shared-").replace(/^\/tmp\//, "/tmp/");
  expect((await failure(bench.openPen("reader", [shared]))).code).toBe("path_refused"); // /tmp is the sandbox's own
  const linked = makeFolder("coop-linked-");
  symlinkSync(bench.dataDir, `${linked}/to-data`);
  for (const path of [
    "/",
    "/home",
    "/proc",
    "/run/docker.sock",
    bench.dataDir,
    "/usr/../root",
    "relative",
    "/no/such/place",
    `${linked}/to-data`,
    "/home/reader/x",
  ]) {
    expect((await failure(bench.openPen("reader", [path]))).code).toBe("path_refused");
  }
  const reader = await bench.openPen("reader", ["/etc/debian_version"]);
  const { stdout } = await bench.run(
    reader,
    "cat /etc/debian_version; echo x >> /etc/debian_version || echo read-only",
  );
  expect(stdout.text).toBe(`${readFileSync("/etc/debian_version", "utf8")}read-only\n`);
});

test("two hens can't see each other's folders or processes", async () => {
  const other = await bench.openPen("otto");
  await bench.run(other, "echo private > note-of-otto");
  const mark = `76${process.pid}`;
  const controller = new AbortController();
  const sleeping = failure(bench.run(other, `sleep ${mark}`, { signal: controller.signal }));
  const { stdout } = await bench.run(
    pen,
    "ls -A /home; cat /proc/[0-9]*/cmdline | tr '\\0' ' '; find /home /tmp /run /dev /proc/[0-9]*/cwd/ -name note-of-otto 2>/dev/null",
  );
  expect(stdout.text).toStartWith("aria\n");
  expect(stdout.text).not.toContain(mark);
  expect(stdout.text).not.toContain("note-of-otto\n");
  controller.abort();
  await sleeping;
});

test("removing a hen kills what it runs and removes a hostile tree without following links", async () => {
  const doomed = await bench.openPen("doomed");
  const outside = `${bench.dataDir}/precious`;
  mkdirSync(outside);
  writeFileSync(`${outside}/file`, "keep");
  symlinkSync(outside, `${doomed.workdir}/to-outside`);
  await bench.run(
    doomed,
    `printf x > "$(printf 'new\\nline')"; printf x > "$(printf '\\xff\\xfe')"; printf x > '-rf'; mkfifo pipe; ln -s / root
     mkdir -p closed/inner && printf x > closed/inner/f && chmod 000 closed/inner closed
     p=$(printf 'a/%.0s' {1..1000}); for i in 1 2 3; do mkdir -p "$p" && cd "$p"; done # deeper than PATH_MAX`,
  );
  const running = failure(bench.run(doomed, "sleep 600"));
  await bench.sandbox.removePen(henId("doomed"));
  expect((await running).code).toBe("cancelled");
  expect(existsSync(doomed.workdir)).toBe(false);
  expect(readdirSync(`${bench.dataDir}/workdirs`).filter((name) => name.includes("doomed"))).toEqual([]);
  expect(readFileSync(`${outside}/file`, "utf8")).toBe("keep");
  if (isRoot) expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(doomed.bindSource);
  await bench.sandbox.removePen(henId("doomed")); // a second time is no error
});

testWhere(isRoot, "a plain user's hens have the user's own uid")(
  "as root, each hen has its own uid on the host, and its folder is that uid's alone",
  async () => {
    const other = await bench.openPen("uids");
    await bench.run(other, "touch mine");
    expect(statSync(`${other.workdir}/mine`).uid).toBe(other.uid ?? -1);
    expect(statSync(other.workdir).mode & 0o777).toBe(0o700);
    chmodSync(bench.dataDir, 0o700);
    expect((await bench.run(other, "cat mine && echo passes")).stdout.text).toBe("passes\n");
  },
);

test("the kernel's settings can't be written, though the daemon is root", async () => {
  const attempt = "echo '|/tmp/x' > /proc/sys/kernel/core_pattern && echo WROTE; cat /proc/sys/kernel/core_pattern";
  const before = readFileSync("/proc/sys/kernel/core_pattern", "utf8");
  if (isRoot) {
    const open = await openTestSandbox({ procSys: false, uidDrop: false });
    const same = `echo '${before.trim()}' > /proc/sys/kernel/core_pattern && echo WROTE`; // harmless, and as telling
    expect((await open.run(await open.openPen("aria"), same)).stdout.text).toBe("WROTE\n");
    await open.close();
  }
  expect((await bench.run(pen, attempt)).stdout.text).toBe(before);
});

test("closing ends what runs, unmounts everything, and takes two seconds at the most", async () => {
  const own = await openTestSandbox();
  const mark = `75${process.pid}`;
  const open = await own.openPen("aria");
  const running = Array.from({ length: 10 }, () => failure(own.run(open, `setsid sleep ${mark} & sleep ${mark}`)));
  await own.run(open, "true");
  const start = performance.now();
  await own.sandbox.close();
  expect(performance.now() - start).toBeLessThan(2000);
  for (const error of await Promise.all(running)) expect(error.code).toBe("cancelled");
  expect(hostProcesses(mark)).toEqual([]);
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(`${open.bindSource} `);
  expect((await failure(own.run(open, "true"))).code).toBe("shutting_down");
  await own.close();
});
