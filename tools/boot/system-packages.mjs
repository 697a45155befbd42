import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { runToEnd, succeeds } from "./child.mjs";
import { BootError, say, sayLong } from "./say.mjs";

/**
 * A Debian package, the program that shows it is there, and what Coop wants it for.
 * @typedef {{ name: string, program: string, purpose: string }} SystemPackage
 */

/** @type {Readonly<Record<string, SystemPackage>>} */
export const SYSTEM_PACKAGES = {
  bubblewrap: { name: "bubblewrap", program: "bwrap", purpose: "the walls around every hen" },
  curl: { name: "curl", program: "curl", purpose: "a client that the gate is tested with" },
  git: { name: "git", program: "git", purpose: "the list of files that a package ships" },
  iproute2: { name: "iproute2", program: "ip", purpose: "one of the attacks on the network's walls" },
  debootstrap: { name: "debootstrap", program: "debootstrap", purpose: "the clean Debian root of the proof" },
};

/**
 * Installs what is missing with apt-get, as root or with passwordless sudo; never asks for a password.
 *
 * @param {readonly SystemPackage[]} packages
 * @throws {BootError} with the exact line to run, where this process may not install
 */
export async function ensureSystemPackages(packages) {
  const missing = packages.filter((wanted) => !isOnPath(wanted.program));
  if (missing.length === 0) return;
  const plan = planInstall(missing, {
    isRoot: process.getuid?.() === 0,
    hasSudo: isOnPath("sudo") && succeeds("sudo", ["-n", "true"]),
    hasAptGet: isOnPath("apt-get"),
  });
  if (plan.kind === "tell") throw new BootError(plan.message, plan.next);
  const done = sayLong(`installing ${missing.map(({ name }) => name).join(", ")} with apt-get`);
  if ((await runToEnd(plan.program, plan.install)) !== 0) {
    say("the package lists are missing or old; fetching them");
    await runToEnd(plan.program, plan.update);
    if ((await runToEnd(plan.program, plan.install)) !== 0) {
      throw new BootError(
        "apt-get could not install it; its own message is above",
        `Install it yourself, then run the same command again: apt-get install ${missing.map(({ name }) => name).join(" ")}`,
      );
    }
  }
  done();
}

/**
 * How to get the missing packages here: the two apt-get commands, or what to tell the reader.
 *
 * @param {readonly SystemPackage[]} missing
 * @param {{ isRoot: boolean, hasSudo: boolean, hasAptGet: boolean }} host
 * @returns {{ kind: "run", program: string, install: readonly string[], update: readonly string[] }
 *   | { kind: "tell", message: string, next: string }}
 */
export function planInstall(missing, host) {
  const names = missing.map(({ name }) => name);
  const message = missing.map(({ name, purpose }) => `${name} is not installed (${purpose})`).join("; ");
  if (!host.hasAptGet) {
    return {
      kind: "tell",
      message,
      next: `Install it with this system's package manager, then run the same command again: ${names.join(" ")}`,
    };
  }
  if (!host.isRoot && !host.hasSudo) {
    return {
      kind: "tell",
      message,
      next: `Run this line, then the same command again: sudo apt-get install -y ${names.join(" ")}`,
    };
  }
  const command = [
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-qq",
    "-o",
    "DPkg::Lock::Timeout=120",
    "-o",
    "Dpkg::Use-Pty=0",
  ];
  const install = [...command, "install", "-y", "--no-install-recommends", ...names];
  const update = [...command, "update"];
  if (host.isRoot) return { kind: "run", program: "env", install, update };
  return { kind: "run", program: "sudo", install: ["-n", "env", ...install], update: ["-n", "env", ...update] };
}

/**
 * Looks in PATH and in the system folders that a plain user's PATH leaves out.
 *
 * @param {string} program
 */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}
