import { expect } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { testWhere } from "../testing/test-where.ts";
import { openCgroups } from "./cgroups.ts";
import { resourceLimits } from "./resource-limits.ts";

const SPEC = {
  ram_request_mb: null,
  ram_limit_mb: 64,
  cpu_request: null,
  cpu_limit: 0.5,
  prefer_roost: null,
  disk_mb: null,
};

const cgroups = await openCgroups(`test-${process.pid}`);
const missing = "missing" in cgroups ? cgroups.missing : "";

testWhere(missing === "", missing)(
  "a hen's cgroup has the manifest's limits, and removing it kills who is still in it",
  async () => {
    if ("missing" in cgroups) throw new Error(cgroups.missing);
    const files = cgroups.prepare("aria", resourceLimits(SPEC, 2 ** 34));
    const read = (name: string) => {
      const path = files.map((file) => `${dirname(file)}/${name}`).find((candidate) => existsSync(candidate));
      return path === undefined ? undefined : readFileSync(path, "utf8").trim();
    };
    if (cgroups.version === 1) {
      expect([read("memory.limit_in_bytes"), read("pids.max"), read("cpu.cfs_quota_us")]).toEqual([
        "67108864",
        "512",
        "50000",
      ]);
    } else {
      expect([read("memory.max"), read("pids.max"), read("cpu.max")]).toEqual(["67108864", "512", "50000 100000"]);
    }
    const joined = `for f in "$@"; do echo 0 > "$f"; done; exec sleep 600`;
    const child = Bun.spawn(["sh", "-c", joined, "sh", ...files], { stdio: ["ignore", "ignore", "inherit"] });
    while (!readFileSync(files.at(-1) ?? "", "utf8").includes(String(child.pid))) await Bun.sleep(5);
    await cgroups.remove("aria");
    expect(await child.exited).toBe(137);
    await cgroups.close();
    expect(files.some((file) => existsSync(dirname(dirname(file))))).toBe(false);
  },
);
