import type { BootedRoot, Ran } from "./booted-root.ts";

/** The command line in a booted root, as the user that the daemon there runs under. */
export class Farmer {
  readonly #root: BootedRoot;
  readonly #coop: readonly string[];

  /** @param coop what stands before the arguments, such as `runuser -u coop -- coop` */
  constructor(root: BootedRoot, coop: readonly string[]) {
    this.#root = root;
    this.#coop = coop;
  }

  run(args: readonly string[], options?: { readonly input?: string; readonly secsMax?: number }): Ran {
    return this.#root.run([...this.#coop, ...args], options);
  }

  /** A hen whose brain does what the job's own prompt says; hatched. */
  makeHen(name: string, network: object): Ran {
    const manifest = {
      spec_version: "coop/v1",
      name,
      brain: { provider: "script", provider_id: "none", model: "prompt" },
      tools: ["bash", "file_read", "file_write"],
      network,
    };
    const created = this.run(["hen", "create", "-"], { input: JSON.stringify(manifest) });
    return created.exitCode === 0 ? this.run(["hen", "hatch", `local.coop/${name}`]) : created;
  }

  /** Runs one command inside the hen and returns what came of the whole job, journal and all. */
  runInside(name: string, command: string): string {
    const prompt = JSON.stringify([
      { text: "Trying.", tools: [{ name: "bash", input: { command } }] },
      { text: "Done." },
    ]);
    const submitted = this.run(["job", "run", `local.coop/${name}`, prompt, "-q"]);
    const id = submitted.stdout.trim();
    const waited = this.run(["job", "wait", id, "--timeout-s", "50", "-q"]);
    return `${submitted.stderr}${waited.stderr}${this.run(["job", "logs", id, "-o", "json"]).stdout}`;
  }
}
