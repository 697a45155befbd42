import { expect, test } from "bun:test";
import { parseCgroupPlaces } from "./cgroup-mounts.ts";

const none = () => "";

test("version 1: the daemon's own place in each hierarchy", () => {
  const mountinfo = [
    "30 24 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
    "31 24 0:27 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids",
    "32 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
    "33 24 0:29 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
  ].join("\n");
  const membership = "4:memory:/system.slice/coopd.service\n3:pids:/\n2:cpu,cpuacct:/\n0::/\n";
  expect(parseCgroupPlaces(mountinfo, membership, none)).toEqual({
    version: 1,
    memory: "/sys/fs/cgroup/memory/system.slice/coopd.service",
    pids: "/sys/fs/cgroup/pids",
    cpu: "/sys/fs/cgroup/cpu,cpuacct",
  });
});

test("version 2: the daemon's own cgroup, when it has the controllers", () => {
  const mountinfo = "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
  const membership = "0::/user.slice/user-1000.slice/session-2.scope\n";
  const own = "/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope";
  const withControllers = (path: string) => (path === own ? "cpu memory pids\n" : "");
  expect(parseCgroupPlaces(mountinfo, membership, withControllers)).toEqual({ version: 2, own, top: "/sys/fs/cgroup" });
  expect(parseCgroupPlaces(mountinfo, membership, () => "cpuset cpu\n")).toBeUndefined();
});

test("a container's mount shows only what lies below its root", () => {
  const mountinfo = "29 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
  const place = parseCgroupPlaces(mountinfo, "0::/docker/abc/leaf\n", () => "memory pids");
  expect(place).toEqual({ version: 2, own: "/sys/fs/cgroup/leaf", top: "/sys/fs/cgroup" });
});

test("a host without cgroups, or with half of the controllers, has no place", () => {
  expect(parseCgroupPlaces("", "", none)).toBeUndefined();
  const half = "30 24 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
  expect(parseCgroupPlaces(half, "4:memory:/\n", none)).toBeUndefined();
});
