// Starts the executable of this machine's package, as `coop` or `coopd`, and ends as it does.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

/** @param {"coop" | "coopd"} name */
module.exports = function launch(name) {
  const os = process.platform === "darwin" ? "macos" : process.platform;
  const wanted = `@coop-farm/${os}-${process.arch}`;
  let program;
  try {
    program = require.resolve(`${wanted}/bin/coop`);
  } catch {
    process.stderr.write(
      `Error: ${wanted} is not installed\n  next: It is there for linux and macos on x64 and arm64, unless npm was told to leave out optional packages.\n`,
    );
    process.exit(1);
  }
  // Ctrl-C reaches the whole foreground group by itself; what is sent to this process alone is passed on. Both before the
  // start: a signal in between would end this process and leave the program alone.
  process.on("SIGINT", () => {});
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  const child = spawn(program, process.argv.slice(2), { stdio: "inherit", argv0: name });
  child.on("error", (error) => {
    process.stderr.write(`Error: ${program} does not start: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128 + constants.signals[signal])));
};
