import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Finding, Rule } from "../finding.ts";
import { readTree } from "../tree/tree.ts";

/** A small repository in a temporary folder, made of `files`: path → text. Whoever opens it disposes of it. */
export function openFixture(files: Readonly<Record<string, string>>): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), "coop-tidy-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** What `rule` says about a repository made of `files`. */
export async function judge(rule: Rule, files: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  using fixture = openFixture(files);
  return rule.check(await readTree(fixture.root));
}

/** `path:line message` of each finding: what most tests compare. */
export async function objections(rule: Rule, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const findings = await judge(rule, files);
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
}
