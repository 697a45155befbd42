import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRealDaemon } from "../testing/real-daemon.ts";
import { runCoop } from "../testing/run-coop.ts";
import { SHELLS, type Shell } from "./shell-scripts.ts";

const MAIN = join(import.meta.dir, "../main.ts");
const daemon = await openRealDaemon();
const folder = mkdtempSync(join(tmpdir(), "coop-completions-"));
afterAll(async () => {
  await daemon.close();
  rmSync(folder, { recursive: true });
});

writeFileSync(
  join(folder, "coop"),
  `#!/bin/sh\nexec "${process.execPath}" --no-env-file --config=/dev/null "${MAIN}" "$@"\n`,
);
chmodSync(join(folder, "coop"), 0o755);
writeFileSync(join(folder, "some-manifest.yaml"), "");
for (const shell of SHELLS)
  writeFileSync(join(folder, `${shell}.script`), (await runCoop(["completions", shell])).stdout);
const demo = join(import.meta.dir, "../../../../examples/demo.yaml");
await runCoop(["hen", "create", demo], { env: { COOP_API: daemon.url } });

/** Each presses Tab behind `line` in the real shell, in its own way, and prints what is offered, one a line. */
const PRESS: Readonly<Record<Shell, (line: string) => readonly string[]>> = {
  bash: (line) => [
    ...["bash", "--norc", "--noprofile", "-c"],
    `source bash.script; COMP_WORDS=(${quoted(line)}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _coop coop; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // The shell under the pty of its own module; the last key but one lists, and the prompt that follows ends the reading.
  zsh: (line) => ["zsh", "-f", "-c", ZSH_PRESS, "press", line],
  fish: (line) => ["fish", "--no-config", "-c", `source fish.script; complete -C "${line}"`],
};

const ZSH_SETUP = `
PS1=; TERM=dumb; stty -echo columns 200
autoload -U compinit; compinit -D -u
source zsh.script
finish() { print -r -- "[$LBUFFER]"; print end-of-it; zle send-break }
zle -N finish; bindkey '^X' finish; bindkey '^I' complete-word
setopt auto_list no_list_ambiguous
print ready-now
`;
writeFileSync(join(folder, "zsh.setup"), ZSH_SETUP);

const ZSH_PRESS = `
zmodload zsh/zpty
zpty -b inner "zsh -f -i"
zpty -w inner "source zsh.setup"
local text= out=
wait_for() { text=; repeat 400; do if zpty -r -t inner out; then text+=$out; [[ $text == *$1* ]] && return; else sleep 0.05; fi; done }
wait_for ready-now
zpty -w -n inner "$1"$'\\t\\t\\x18'
wait_for end-of-it
print -r -- "$text"
zpty -d inner
`;

function quoted(line: string): string {
  return line
    .split(" ")
    .map((word) => `'${word}'`)
    .join(" ");
}

async function press(shell: Shell, line: string): Promise<string> {
  const child = Bun.spawn([...PRESS[shell](line)], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, COOP_API: daemon.url, COOP_API_TOKEN: "" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 30_000,
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return `${stdout}${stderr}`;
}

test("a shell that is none is refused", async () => {
  const refused = await runCoop(["completions", "tcsh"]);
  expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  expect(refused.stderr).toContain("bash, zsh, fish");
});

for (const shell of SHELLS) {
  const isThere = Bun.which(shell) !== null;
  if (!isThere) console.warn(`skipped: ${shell} is not installed (apt-get install ${shell})`);
  test.skipIf(!isThere)(
    `${shell}: commands, options, values, hens and files`,
    async () => {
      expect(await press(shell, "coop hen de")).toMatch(/delete[\s\S]*delegate|delegate[\s\S]*delete/);
      expect(await press(shell, "coop hen list --sta")).toContain("--state");
      expect(await press(shell, "coop -o js")).toContain("jsonl");
      expect(await press(shell, "coop hen get ")).toContain("local.coop/demo");
      expect(await press(shell, "coop hen create some-m")).toContain("some-manifest.yaml");
      expect(await press(shell, "coop hen get nobody")).not.toContain("local.coop/demo");
    },
    120_000,
  );
}

test("without a daemon there are no hens, and no error either", async () => {
  const asked = await runCoop(["completions", "candidates", "--", "hen", "get", ""], {
    env: { COOP_API: "http://127.0.0.1:1" },
  });
  expect(asked).toEqual({ stdout: "", stderr: "", exitCode: 0 });
});
