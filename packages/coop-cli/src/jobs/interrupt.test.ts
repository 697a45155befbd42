import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeDaemon, openFakeDaemon } from "coop-client/testing";
import { runCoopInTerminal, startCoop } from "../testing/run-coop.ts";

let daemon: FakeDaemon;
let jobId: string;
beforeEach(() => {
  daemon = openFakeDaemon();
  daemon.farm.addHen("aria");
  jobId = daemon.farm.addJob("local.coop/aria", "look").id;
  daemon.farm.moveJob(jobId, "RUNNING");
});
afterEach(() => daemon.close());

const QUESTION = "cancel the job? [y/N, Ctrl-C again leaves it running] ";
const LEFT = () => `job ${jobId} is still RUNNING. It goes on. Wait again: coop job wait ${jobId}\n`;
const CTRL_C = "\u0003";

/** Waits on a terminal, presses Ctrl-C, and then `keys` when it is asked. */
async function waitAndPress(keys: string, args: readonly string[] = ["job", "wait", jobId], onAsked = () => {}) {
  let step = 0;
  return await runCoopInTerminal(args, {
    env: { COOP_API: daemon.url },
    onText(seen, press) {
      if (step === 0 && seen.includes("RUNNING") && daemon.watcherCount() > 0) {
        step = 1;
        press(CTRL_C);
      } else if (step === 1 && seen.includes(QUESTION)) {
        step = 2;
        press(keys);
        onAsked();
      }
    },
  });
}

const cancels = () => daemon.requests.filter(({ path }) => path.endsWith("/cancel")).length;

describe("Ctrl-C on a terminal asks whether to cancel the job", () => {
  test("and leaves it running as 130 for anything but y: n, Enter, nonsense, the end of input, Ctrl-C again", async () => {
    for (const keys of ["n\n", "\n", "yikes\n", "\u0004", CTRL_C]) {
      const { text, exitCode } = await waitAndPress(keys);
      expect({ keys, exitCode, cancels: cancels() }).toEqual({ keys, exitCode: 130, cancels: 0 });
      expect(text).toEndWith(LEFT());
      expect(text).toContain(QUESTION);
    }
  });

  test("and cancels it as 11 for y", async () => {
    for (const keys of ["y\n", "Yes\n"]) {
      const { text, exitCode } = await waitAndPress(keys);
      expect({ exitCode, cancels: cancels() }).toEqual({ exitCode: 11, cancels: 1 });
      expect(text).toContain(`cancelling job ${jobId}\nError: job ${jobId} CANCELLED\n`);
      const again = openFakeDaemon();
      await daemon.close();
      daemon = again;
      daemon.farm.addHen("aria");
      jobId = daemon.farm.addJob("local.coop/aria", "look").id;
      daemon.farm.moveJob(jobId, "RUNNING");
    }
  });

  test("and withdraws the question when the job ends meanwhile", async () => {
    const { text, exitCode } = await waitAndPress("", ["job", "wait", jobId], () => {
      daemon.farm.moveJob(jobId, "DONE", { result: "two files" });
    });
    expect({ exitCode, cancels: cancels() }).toEqual({ exitCode: 0, cancels: 0 });
    expect(text).toContain("two files\nDONE");
  });

  test("and says so when the daemon does not cancel it, with the job going on", async () => {
    daemon.answer(`POST /api/v1/jobs/${jobId}/cancel`, () =>
      Response.json({ error: "the disk is full", code: "disk_full" }, { status: 507 }),
    );
    const { text, exitCode } = await waitAndPress("y\n");
    expect(exitCode).toBe(1);
    expect(text).toContain("Error: the disk is full\n");
  });

  test("also when the prompt was typed there and standard input is at its end", async () => {
    let step = 0;
    const { exitCode } = await runCoopInTerminal(["job", "run", "--wait", "local.coop/aria", "-"], {
      env: { COOP_API: daemon.url },
      onText: (seen, press) => {
        if (step === 0 && seen.includes("QUEUED") && daemon.watcherCount() > 0) {
          step = 1;
          press(CTRL_C);
        } else if (step === 1 && seen.includes(QUESTION)) {
          step = 2;
          press("y\n");
        }
      },
      onStart: async (press) => press("look\n\u0004"),
    });
    expect({ exitCode, cancels: cancels() }).toEqual({ exitCode: 11, cancels: 1 });
  });

  test("with -q too, and in job run --wait", async () => {
    daemon.onJob((id) => {
      jobId = id;
      daemon.farm.moveJob(id, "RUNNING");
    });
    let step = 0;
    const { text, exitCode } = await runCoopInTerminal(["-q", "job", "run", "--wait", "local.coop/aria", "look"], {
      env: { COOP_API: daemon.url },
      onText: (seen, press) => {
        if (step === 0 && seen.includes(QUESTION)) {
          step = 1;
          press("y\n");
        }
      },
      onStart: async (press) => {
        while (daemon.watcherCount() === 0) await Bun.sleep(2);
        press(CTRL_C);
      },
    });
    expect(exitCode).toBe(11);
    expect(text).toContain(`Error: job ${jobId} CANCELLED`);
  });
});

describe("without a terminal nobody is asked: the job is left running, and stderr says which", () => {
  test("by an interrupt as 130, by a termination as 143, with -q too", async () => {
    for (const [signal, code, args] of [
      ["SIGINT", 130, []],
      ["SIGINT", 130, ["-q"]],
      ["SIGTERM", 143, []],
    ] as const) {
      const waiting = startCoop([...args, "job", "wait", jobId], { env: { COOP_API: daemon.url } });
      while (daemon.watcherCount() === 0) await Bun.sleep(2);
      waiting.kill(signal);
      expect(await waiting.stderr.text()).toBe(LEFT());
      await waiting.exited;
      while (daemon.watcherCount() > 0) await Bun.sleep(2);
      expect({ exitCode: waiting.exitCode, cancels: cancels() }).toEqual({ exitCode: code, cancels: 0 });
    }
  });

  test("also in job run --wait", async () => {
    const waiting = startCoop(["job", "run", "--wait", "local.coop/aria", "-"], {
      env: { COOP_API: daemon.url },
      stdin: "look",
    });
    while (daemon.watcherCount() === 0) await Bun.sleep(2);
    waiting.kill("SIGINT");
    expect(await waiting.stderr.text()).toContain("is still QUEUED. It goes on. Wait again: coop job wait");
    await waiting.exited;
    expect(waiting.exitCode).toBe(130);
  });
});
