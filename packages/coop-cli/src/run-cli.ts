import { CoopError, exitCodeOf, toCoopError } from "coopd-core";
import { createContext } from "./command-context.ts";
import type { Environment } from "./environment.ts";
import { renderHelp } from "./invocation/help.ts";
import { type Invocation, parseInvocation } from "./invocation/parse-invocation.ts";
import { Output } from "./output/output.ts";
import { PipeClosed, type Writer } from "./output/writer.ts";
import { readSettings } from "./settings.ts";
import { VERSION } from "./version.ts";

/** The process around one command line; tests could bring their own. */
export interface CliParts {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly out: Writer;
  readonly err: Writer;
}

/** Runs one command line. @returns the exit code; it never rejects */
export async function runCli(parts: CliParts): Promise<number> {
  const plain = new Output({
    format: "json",
    isQuiet: false,
    ...screens(parts.env, true),
    out: parts.out,
    err: parts.err,
  });
  try {
    return await runInvocation(parseInvocation(parts.argv), parts);
  } catch (error) {
    if (error instanceof PipeClosed) return 0; // `coop job list | head` got what it wanted
    const ours = error instanceof CoopError ? error : toCoopError(error);
    const isOwnFault = ours.code === "internal" && !(error instanceof CoopError);
    await plain
      .error(
        isOwnFault ? `coop failed: ${error instanceof Error ? (error.stack ?? error.message) : error}` : ours.message,
        isOwnFault ? "This is a fault of coop; please report it with the line above." : ours.next,
      )
      .catch(() => {}); // stderr is closed: the exit code says it
    return exitCodeOf(ours.code);
  }
}

async function runInvocation(invocation: Invocation, { env, out, err }: CliParts): Promise<number> {
  switch (invocation.kind) {
    case "help":
      await out.write(renderHelp(invocation.topic));
      return 0;
    case "version":
      await out.write(`coop ${VERSION}\n`);
      return 0;
    case "incomplete":
      await err.write(renderHelp(invocation.topic));
      return 2;
    case "run": {
      const { command, args, options } = invocation;
      const settings = readSettings(options, env);
      const { format, isQuiet, hasColor } = settings;
      const output = new Output({ format, isQuiet, ...screens(env, hasColor), out, err });
      const { run } = await command.load();
      return (await run(createContext({ args, options, settings, output }))) ?? 0;
    }
  }
}

function screens(env: Environment, hasColor: boolean) {
  return {
    stdout: { ...env.stdout, hasColor: env.stdout.hasColor && hasColor },
    stderr: { ...env.stderr, hasColor: env.stderr.hasColor && hasColor },
  };
}
