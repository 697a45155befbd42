// Writes what docs/ says of commands, settings and manifest keys from the code that they are in:
// `bun tools/docs/main.ts`. With --check it compares instead, judges every page (links, anchors, blocks, YAML, JSON, commands
// and variables that are named) and ends with 1 when something is wrong. Commands are run by tools/reading.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findBrokenLinks, findUnlistedPages } from "./links.ts";
import { findUnknownMentions } from "./mentions.ts";
import type { Page } from "./page.ts";
import { isFollowed, readPages } from "./read-pages.ts";
import { readCommandNotes, renderCommands, renderGlobalOptions } from "./reference/commands.ts";
import { readInPlace, replaceInPlace } from "./reference/in-place.ts";
import { renderManifestKeys } from "./reference/manifest-keys.ts";
import { renderSettings } from "./reference/settings.ts";
import { findBadSnippets } from "./snippets.ts";
import { toSteps } from "./steps.ts";

const root = resolve(import.meta.dir, "../..");
const isCheck = process.argv.includes("--check");
const findings: string[] = [];

for (const [path, write] of Object.entries({
  "docs/cli.md": withCommands,
  "docs/configuration.md": withSettings,
  "docs/manifest.md": withKeys,
})) {
  const page = readFileSync(join(root, path), "utf8");
  const wanted = write(page);
  if (wanted === page) continue;
  if (isCheck) findings.push(`${path} lags behind the code: run \`bun tools/docs/main.ts\``);
  else writeFileSync(join(root, path), wanted);
}

if (isCheck) {
  const pages = readPages(root);
  findings.push(
    ...findBrokenLinks(root, pages),
    ...findUnlistedPages(pages),
    ...pages.filter(isFollowed).flatMap(findBadBlocks),
    ...findBadSnippets(pages),
    ...findUnknownMentions(pages.filter(({ path }) => path !== "docs/results.md")),
  );
  process.stdout.write(findings.map((finding) => `${finding}\n`).join(""));
  process.exitCode = findings.length === 0 ? 0 : 1;
}

function withCommands(page: string): string {
  const notes = readCommandNotes(readInPlace(page, "commands"));
  return replaceInPlace(replaceInPlace(page, "options", renderGlobalOptions()), "commands", renderCommands(notes));
}

function withSettings(page: string): string {
  return replaceInPlace(page, "settings", renderSettings());
}

function withKeys(page: string): string {
  return replaceInPlace(page, "keys", renderManifestKeys());
}

function findBadBlocks(page: Page): readonly string[] {
  const indented = page.indentedCode.map((line) => `${page.path}:${line} has code without a fence`);
  try {
    toSteps(page);
    return indented;
  } catch (error) {
    return [...indented, (error as Error).message];
  }
}
