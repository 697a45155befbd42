import { readEnvironment } from "./environment.ts";
import { openWriter } from "./output/writer.ts";
import { runCli } from "./run-cli.ts";

const exitCode = await runCli({
  argv: process.argv.slice(2),
  env: await readEnvironment(),
  out: openWriter("stdout"),
  err: openWriter("stderr"),
});
process.exit(exitCode); // at once: connections that are kept alive must not hold a finished command
