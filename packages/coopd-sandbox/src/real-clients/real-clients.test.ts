import { beforeAll, describe, expect, setDefaultTimeout } from "bun:test";
import { accessSync, chmodSync, constants, mkdirSync, rmSync } from "node:fs";
import { findHostProgram } from "../host/host-programs.ts";
import { makeFolder } from "../testing/test-sandbox.ts";
import { testWhere } from "../testing/test-where.ts";
import { GREETING } from "./places.ts";
import type { Came, Results } from "./results.ts";
import { BARE, HOST_TRIES, LISTED, type Try, UNLISTED } from "./tries.ts";

setDefaultTimeout(240_000); // some forty clients, npm among them, one after the other
/** In no one's passwd and outside of the hens' range. */
const PLAIN_UID = 64_123;

/** Empty where it can be tried. */
function obstacle(user: "root" | "plain user"): string {
  if (process.getuid?.() !== 0) return "making networks of the test's own takes root";
  if (findHostProgram("ip") === undefined) return "ip is not installed (on Debian: apt-get install iproute2)";
  if (user === "root" || canOthersRead(process.execPath)) return "";
  return "a plain user can't read this checkout or Bun; clone it where others may read";
}

function canOthersRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    const drop = [
      "setpriv",
      `--reuid=${PLAIN_UID}`,
      "--clear-groups",
      "--",
      "test",
      "-r",
      path,
      "-a",
      "-r",
      import.meta.path,
    ];
    return Bun.spawnSync(drop).success;
  } catch {
    return false;
  }
}

function isThere(program: string): boolean {
  return findHostProgram(program) !== undefined || findIn("/usr/local/bin", program);
}

function findIn(folder: string, program: string): boolean {
  try {
    accessSync(`${folder}/${program}`, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs everything once, in namespaces that take every process with them when it ends. */
async function runWorld(uid: number | undefined): Promise<Results> {
  const folder = makeFolder("coop-world-");
  chmodSync(folder, 0o755);
  mkdirSync(`${folder}/home`);
  if (uid !== undefined) Bun.spawnSync(["chown", `${uid}:${uid}`, `${folder}/home`]);
  const spaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
  const program = [process.execPath, "--no-env-file", "--config=/dev/null", `${import.meta.dir}/world.ts`, folder];
  const child = Bun.spawn(["unshare", ...spaces, "--", ...program, String(uid ?? "")], {
    env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", HOME: folder, TMPDIR: folder },
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await new Response(child.stdout).text();
  rmSync(folder, { recursive: true, force: true });
  const line = /^results: (.*)$/m.exec(said)?.[1];
  if (line === undefined)
    throw new Error(`the clients ended with ${await child.exited} and said: ${said.slice(0, 2000)}`);
  return JSON.parse(line) as Results;
}

function judge({ works, fails }: Try, came: Came | undefined): void {
  if (works !== undefined) {
    expect(came).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(works) });
  } else {
    expect(came?.exitCode).not.toBe(0);
    expect(came?.stdout).toBe("");
    expect(came?.stderr).toMatch(fails ?? /./);
  }
}

for (const [user, uid] of [
  ["root", undefined],
  ["plain user", PLAIN_UID],
] as const) {
  const why = obstacle(user);
  const where = (needs = "bash") =>
    testWhere(why === "" && isThere(needs), why === "" ? `${needs} is not installed; its test can't run` : why);

  describe(`with the daemon of a ${user}`, () => {
    let results: Results;
    beforeAll(async () => {
      if (why === "") results = await runWorld(uid);
    });

    where()("this host holds the gate", () => expect(results.walls.gate).toEqual({ holds: true }));

    for (const one of BARE) {
      where(one.needs)(`without walls is reached: ${one.title}`, () => judge(one, results.bare[one.title]));
    }
    for (const one of LISTED) {
      where(one.needs)(`what is listed works: ${one.title}`, () => judge(one, results.listed[one.title]));
    }
    for (const one of UNLISTED) {
      where(one.needs)(`what is not listed fails: ${one.title}`, () => judge(one, results.unlisted[one.title]));
    }

    for (const { title, needs } of HOST_TRIES) {
      where(needs)(
        `the host's loopback is reached only where a policy names it, the daemon's door never: ${title}`,
        () => {
          const policies = Object.keys(results.host).filter((name) => name !== "bare");
          expect(policies).toHaveLength(4);
          for (const policy of policies) {
            const came = results.host[policy]?.[title];
            const isOpened = policy === "allowlist that names both" && title.startsWith("OTHER");
            expect([policy, `${came?.stdout}${came?.stderr}`.includes(results.hostWord)]).toEqual([policy, isOpened]);
          }
          if (title.endsWith("past the gate")) expect(results.host.bare?.[title]?.stdout).toContain(results.hostWord);
        },
      );
    }

    where("curl")("a policy holds the same for a tool's process, a terminal, and a tool of the daemon", () => {
      const all = (verdict: string) => ({ process: verdict, terminal: verdict, door: verdict });
      const verdicts = (listed: string, unlisted: string) => ({
        "www.b.test": all(listed),
        "denied.c.test": all(unlisted),
        "rebind.b.test": all("refused"),
      });
      expect(results.ways).toEqual({
        off: verdicts("refused", "refused"),
        open: verdicts("reached", "reached"),
        allowlist: verdicts("reached", "refused"),
      });
    });

    where("curl")("a policy that changes cuts what runs and lets out what it lists, at once", () => {
      expect(results.changes.cut.exitCode).not.toBe(0);
      expect(results.changes.opened).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`hello from denied.c.test\n${GREETING}`),
      });
    });

    where("curl")("every way out is told, with its reason and what would allow it", () => {
      const denied = results.egress.find(({ host, verdict }) => host === "denied.c.test" && verdict === "denied");
      expect(denied).toMatchObject({ code: "no_rule", allow: "denied.c.test:443" });
      expect(results.egress.find(({ host, verdict }) => host === "www.b.test" && verdict === "allowed")).toBeDefined();
      for (const code of ["port_not_listed", "private_address", "sni_mismatch"] as const) {
        expect(results.egress.map((record) => record.code)).toContain(code);
      }
    });
  });
}
