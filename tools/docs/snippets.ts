import { parseScript } from "../../packages/coopd-brain/src/index.ts";
import { parseManifest } from "../../packages/coopd-core/src/manifest/index.ts";
import type { Block, Page } from "./page.ts";

/** What a piece of a manifest stands in, so that it can be judged as a whole. */
const AROUND: Readonly<Record<string, string>> = {
  spec_version: "coop/v1",
  name: "aria",
  brain: "{provider: script, provider_id: none, model: demo}",
  tools: "[bash, file_read, file_write, http, delegate]",
};

/** One line for each YAML or JSON block that the programs would not take: manifests, pieces of them, scripts, bodies. */
export function findBadSnippets(pages: readonly Page[]): readonly string[] {
  return pages.flatMap((page) =>
    page.blocks.flatMap((block) => {
      const fault = faultOf(block);
      return fault === undefined ? [] : [`${page.path}:${block.line} has ${block.language} that is refused: ${fault}`];
    }),
  );
}

function faultOf({ language, attributes, text }: Block): string | undefined {
  try {
    if (language === "json") JSON.parse(text);
    if (language !== "yaml" || attributes.has("foreign")) return undefined;
    if (attributes.has("script")) parseScript(text);
    else parseManifest(toWhole(text));
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.split("\n").slice(0, 3).join("; "); // each further fault mostly follows from the first
  }
}

function toWhole(text: string): string {
  if (/^spec_version:/m.test(text)) return text;
  const given = new Set([...text.matchAll(/^([a-z_]+):/gm)].map((match) => match[1]));
  const missing = Object.entries(AROUND).filter(([key]) => !given.has(key));
  return `${text}${missing.map(([key, value]) => `${key}: ${value}\n`).join("")}`;
}
