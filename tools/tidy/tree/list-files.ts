import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Every file of the repository, sorted, from its root: what git tracks, and what it would. Without git, or without a
 * `.git` (an unpacked archive), everything that `.gitignore` does not name. Symbolic links are not followed.
 */
export function listFiles(root: string): readonly string[] {
  const paths = askGit(root) ?? walk(root, "", readIgnored(root));
  return paths.filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true).sort();
}

function askGit(root: string): readonly string[] | undefined {
  if (!existsSync(join(root, ".git"))) return undefined;
  // The repository may be another user's (root in a container); git refuses that unless it is told.
  const args = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const git = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
  return git.status === 0 ? git.stdout.split("\0").filter((path) => path !== "") : undefined;
}

/** Our `.gitignore` has folder names (`dist/`) and endings (`*.log`) only; anything else there is refused. */
function readIgnored(root: string): (name: string) => boolean {
  const path = join(root, ".gitignore");
  const lines = existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
  const names = new Set([".git"]);
  const endings: string[] = [];
  for (const line of lines) {
    if (/^[^*/]+\/$/.test(line)) names.add(line.slice(0, -1));
    else if (/^\*\.[^*/]+$/.test(line)) endings.push(line.slice(1));
    else throw new Error(`.gitignore has a line that tidy does not read: ${line}`);
  }
  return (name) => names.has(name) || endings.some((ending) => name.endsWith(ending));
}

function walk(root: string, below: string, isIgnored: (name: string) => boolean): readonly string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter((entry) => !isIgnored(entry.name))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? walk(root, path, isIgnored) : [path];
    });
}
