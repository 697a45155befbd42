import { readFileSync } from "node:fs";

/** Where this process may make cgroups, by what the host runs (cgroups(7)). */
export type CgroupPlaces =
  | { readonly version: 1; readonly memory: string; readonly pids: string; readonly cpu: string | undefined }
  /** `own` is the daemon's own cgroup, `top` the highest that is mounted here. */
  | { readonly version: 2; readonly own: string; readonly top: string };

/** Reads the places of this process; undefined where neither version has memory and pids controllers. */
export function readCgroupPlaces(): CgroupPlaces | undefined {
  return parseCgroupPlaces(
    readFileSync("/proc/self/mountinfo", "utf8"),
    readFileSync("/proc/self/cgroup", "utf8"),
    (path) => readOptional(`${path}/cgroup.controllers`),
  );
}

/**
 * @param mountinfo /proc/self/mountinfo: fields 4 and 5 are the mount's root and its place; behind ` - ` type and options
 * @param membership /proc/self/cgroup: `ID:CONTROLLERS:PATH` rows, version 2 with ID 0 and no controllers
 * @param controllersOf text of a cgroup's `cgroup.controllers`
 */
export function parseCgroupPlaces(
  mountinfo: string,
  membership: string,
  controllersOf: (path: string) => string,
): CgroupPlaces | undefined {
  const mounts = mountinfo.split("\n").flatMap(parseMount);
  const rows = membership.split("\n").flatMap((line) => {
    const [id, controllers, ...path] = line.split(":");
    return id === undefined || controllers === undefined
      ? []
      : [{ controllers: controllers.split(","), path: path.join(":") }];
  });
  const place = (controller: string) => {
    const mount = mounts.find((candidate) => candidate.type === "cgroup" && candidate.options.includes(controller));
    const row = rows.find((candidate) => candidate.controllers.includes(controller));
    return mount === undefined || row === undefined ? undefined : ownPath(mount, row.path);
  };
  const [memory, pids, cpu] = [place("memory"), place("pids"), place("cpu")];
  if (memory !== undefined && pids !== undefined) return { version: 1, memory, pids, cpu };
  const mount = mounts.find((candidate) => candidate.type === "cgroup2");
  const row = rows.find((candidate) => candidate.controllers.length === 1 && candidate.controllers[0] === "");
  if (mount === undefined || row === undefined) return undefined;
  const own = ownPath(mount, row.path);
  const controllers = controllersOf(own).split(/\s+/);
  const isUsable = ["memory", "pids"].every((name) => controllers.includes(name));
  return isUsable ? { version: 2, own, top: mount.place } : undefined;
}

interface Mount {
  readonly root: string;
  readonly place: string;
  readonly type: string;
  readonly options: readonly string[];
}

function parseMount(line: string): Mount[] {
  const [left, right] = line.split(" - ");
  const fields = (left ?? "").split(" ");
  const [type, , options] = (right ?? "").split(" ");
  const [root, place] = [fields[3], fields[4]];
  if (root === undefined || place === undefined || type === undefined || !type.startsWith("cgroup")) return [];
  return [{ root, place, type, options: (options ?? "").split(",") }];
}

/** The daemon's cgroup below a mount point; a container's mount shows only what lies below its root. */
function ownPath(mount: Mount, path: string): string {
  const isBelowRoot = mount.root !== "/" && (path === mount.root || path.startsWith(`${mount.root}/`));
  const below = isBelowRoot ? path.slice(mount.root.length) : path;
  return below === "/" || below === "" ? mount.place : `${mount.place}${below}`;
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // not there, or not for us: either way no controller can be used
  }
}
