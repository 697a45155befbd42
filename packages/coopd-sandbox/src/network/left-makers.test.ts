import { expect, setDefaultTimeout, test } from "bun:test";
import { isDead } from "../run/process-table.ts";
import { requirePrograms } from "../testing/test-programs.ts";
import { endLeftMakers, makerMark } from "./left-makers.ts";

setDefaultTimeout(30_000);

/** A bwrap that waits, as one of the daemon that the mark names would. */
async function waiting(mark: string) {
  const { bwrap, sh } = requirePrograms();
  const child = Bun.spawn([bwrap, "--bind", "/", "/", "--", sh, "-c", "echo up; read wait", mark], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await child.stdout.getReader().read();
  return child;
}

test("what a daemon that is gone has left is ended; what one that lives is making is not, nor what only looks like it", async () => {
  const gone = Bun.spawn(["sleep", "60"]);
  const left = await waiting(makerMark(gone.pid));
  const made = await waiting(makerMark());
  const other = await waiting("coop-net-of:1:x");
  try {
    expect(endLeftMakers()).toBe(0); // its daemon lives
    gone.kill("SIGKILL");
    await gone.exited;
    const dead = makerMark(gone.pid); // nobody has this number now
    expect(dead).toEndWith(":");
    expect(endLeftMakers()).toBe(1);
    expect(await left.exited).not.toBe(0);
    expect([made, other].map(({ pid }) => isDead(pid))).toEqual([false, false]);
    expect(endLeftMakers()).toBe(0);
  } finally {
    for (const child of [left, made, other, gone]) child.kill("SIGKILL");
  }
});
