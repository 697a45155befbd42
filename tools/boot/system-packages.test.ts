import { expect, test } from "bun:test";
import { planInstall } from "./system-packages.mjs";

const WANTED = [{ name: "bubblewrap", program: "bwrap", purpose: "the walls" }];

test("a plain user without sudo gets the exact line to run", () => {
  const plan = planInstall(WANTED, { isRoot: false, hasSudo: false, hasAptGet: true });
  expect(plan).toEqual({
    kind: "tell",
    message: "bubblewrap is not installed (the walls)",
    next: "Run this line, then the same command again: sudo apt-get install -y bubblewrap",
  });
});

test("a system without apt-get is told what it needs, not how", () => {
  const plan = planInstall(WANTED, { isRoot: true, hasSudo: true, hasAptGet: false });
  expect(plan.kind).toBe("tell");
});

test("root installs; a user with passwordless sudo installs through it, never through a prompt", () => {
  const asRoot = planInstall(WANTED, { isRoot: true, hasSudo: false, hasAptGet: true });
  const withSudo = planInstall(WANTED, { isRoot: false, hasSudo: true, hasAptGet: true });
  if (asRoot.kind !== "run" || withSudo.kind !== "run") throw new Error("expected two plans");
  expect([asRoot.program, ...asRoot.install].join(" ")).toBe(
    "env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 install -y --no-install-recommends bubblewrap",
  );
  expect([withSudo.program, ...withSudo.install.slice(0, 2)]).toEqual(["sudo", "-n", "env"]);
});
