import { expect, test } from "bun:test";
import { manifestJsonSchema } from "coopd-core/manifest";
import { isMeant, labelOf, toSections } from "./form-layout.ts";

const sections = toSections(manifestJsonSchema());
const paths = sections.flatMap(({ fields }) => fields.map(({ path }) => path.join(".")));

test("every key of the schema that does something has exactly one field, whatever the schema grows", () => {
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of [
    "name",
    "tools",
    "brain.fallbacks",
    "limits.day_tokens",
    "sandbox.read",
    "lease.topic_filter.deny_keywords",
  ]) {
    expect(paths).toContain(path);
  }
  const grown = structuredClone(manifestJsonSchema()) as { properties: Record<string, unknown> };
  grown.properties.plumage = { type: "string", description: "How it shines." };
  expect(toSections(grown).at(-1)).toMatchObject({ title: "More: Plumage", isFolded: true });
});

test("what does nothing, and what is free, is left to the YAML", () => {
  for (const path of [
    "memory.semantic_summarize_every",
    "resources.prefer_roost",
    "metadata",
    "personality.traits",
    "spec_version",
  ]) {
    expect(paths).not.toContain(path);
  }
});

test("only what has to be there is required", () => {
  const required = sections.flatMap(({ fields }) =>
    fields.filter(({ isRequired }) => isRequired).map(({ path }) => path.join(".")),
  );
  expect(required.toSorted()).toEqual(["brain.model", "brain.provider_id", "name"]);
});

test("a field that means nothing now is shown only when it is written", () => {
  const at = (values: Readonly<Record<string, unknown>>) => (path: readonly string[]) => values[path.join(".")];
  expect(isMeant(["brain", "base_url"], at({ "brain.provider": "openai" }))).toBe(false);
  expect(isMeant(["brain", "base_url"], at({ "brain.provider": "openai-compat" }))).toBe(true);
  expect(isMeant(["brain", "base_url"], at({ "brain.base_url": "http://x" }))).toBe(true);
  expect(labelOf(["limits", "output_tokens"])).toBe("Output tokens");
});
