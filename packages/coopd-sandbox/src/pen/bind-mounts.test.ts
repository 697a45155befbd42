import { expect } from "bun:test";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { findHostPrograms } from "../host/host-programs.ts";
import { makeFolder } from "../testing/test-sandbox.ts";
import { testWhere } from "../testing/test-where.ts";
import { openBindMounts } from "./bind-mounts.ts";

const FARM = `test-${process.pid}`;
const mounted = () => readFileSync("/proc/self/mountinfo", "utf8").split(`/run/coop/${FARM}/`).length - 1;

const programs = findHostPrograms(true);
const obstacle = process.getuid?.() !== 0 ? "only root can mount" : "missing" in programs ? programs.missing : "";

testWhere(obstacle === "", obstacle)(
  "a workdir is mounted while it is held, few idle mounts are kept, and closing leaves none",
  async () => {
    if ("missing" in programs) throw new Error(programs.missing);
    const root = makeFolder("coop-mounts-");
    const mounts = openBindMounts(FARM, programs);
    const workdirOf = (uid: number) => `${root}/${uid}`;
    const uids = Array.from({ length: 40 }, (_, index) => 300_000 + index);
    for (const uid of uids) {
      mkdirSync(workdirOf(uid));
      writeFileSync(`${workdirOf(uid)}/file`, String(uid));
    }
    const releases = await Promise.all(
      uids.flatMap((uid) => [mounts.hold(workdirOf(uid), uid), mounts.hold(workdirOf(uid), uid)]),
    );
    expect(mounted()).toBe(40);
    for (const uid of uids) expect(readFileSync(`${mounts.placeOf(uid)}/file`, "utf8")).toBe(String(uid));
    for (const release of releases) release();
    // Held again at once, though it may be on its way out.
    const again = await mounts.hold(workdirOf(300_000), 300_000);
    expect(readFileSync(`${mounts.placeOf(300_000)}/file`, "utf8")).toBe("300000");
    while (mounted() > 17) await Bun.sleep(5);
    again();
    await mounts.unmount(300_000);
    expect(mounted()).toBeLessThanOrEqual(16);
    const { placeOf, hold } = mounts;
    expect(hold(`${root}/none`, 1)).rejects.toMatchObject({ code: "sandbox_failed" });
    await hold(`${root}/none`, 2).catch(() => undefined);
    mounts.close();
    expect(mounted()).toBe(0);
    expect(placeOf(1)).toBe(`/run/coop/${FARM}/1`);
    rmSync(root, { recursive: true });
  },
);
