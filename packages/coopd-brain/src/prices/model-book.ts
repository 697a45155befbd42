import { type BrainLink, type ModelBook, type ModelFacts, NO_PRICE, UNKNOWN_MODEL } from "coopd-core";
import type { ModelOverrides, ModelRow } from "./model-table.ts";
import { SHIPPED_MODELS } from "./models.ts";

/** A script runs in the daemon: nobody is paid, and it can do whatever it says. */
const SCRIPT: ModelFacts = { price: NO_PRICE, context_window: Number.MAX_SAFE_INTEGER, tool_use: true, vision: true };

/** `claude-haiku-4-5-20251001`, `gpt-5-2025-08-07`, `…-latest`: snapshots cost what the model does. */
const SNAPSHOT = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/;

/**
 * What is known of models: the shipped table with the farmer's rows over it. A row of the farmer's replaces what is shipped
 * for its model field by field.
 */
export function createModelBook(overrides?: ModelOverrides): ModelBook {
  const table = SHIPPED_MODELS;
  const own = overrides?.models ?? [];
  return {
    asOf: overrides?.as_of ?? table.as_of,
    routes: { ...table.routes, ...defined(overrides?.routes ?? {}) },
    facts(link) {
      if (link.provider === "script") return SCRIPT;
      return { ...factsOf(findShipped(table.models, link)), ...defined(factsOf(findOwn(own, link))) };
    },
  };
}

type Link = Pick<BrainLink, "provider" | "base_url" | "model">;

/** Behind another address stands another server, and nothing is known of what that one charges. */
function findShipped(rows: readonly ModelRow[], link: Link): ModelRow | undefined {
  if (link.base_url !== null) return undefined;
  return findNamed(rows, link);
}

/** A row for the link's very address before one for any. */
function findOwn(rows: readonly ModelRow[], link: Link): ModelRow | undefined {
  const there = rows.filter(({ base_url }) => base_url !== undefined && isSameUrl(base_url, link.base_url));
  const anywhere = rows.filter(({ base_url, provider }) => {
    return base_url === undefined && (link.base_url === null || provider === "openai-compat");
  });
  return findNamed(there, link) ?? findNamed(anywhere, link);
}

function findNamed(rows: readonly ModelRow[], { provider, model }: Link): ModelRow | undefined {
  const ofProvider = rows.filter((row) => row.provider === provider);
  const base = model.replace(SNAPSHOT, "");
  return ofProvider.findLast((row) => row.model === model) ?? ofProvider.findLast((row) => row.model === base);
}

function isSameUrl(a: string, b: string | null): boolean {
  return b !== null && a.replace(/\/+$/, "") === b.replace(/\/+$/, "");
}

function factsOf(row: ModelRow | undefined): ModelFacts {
  if (row === undefined) return UNKNOWN_MODEL;
  const { usd_per_million: price, context_window, tool_use, vision } = row;
  return { price, context_window, tool_use, vision };
}

/** Without the fields that say nothing. */
function defined<T extends object>(fields: T): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
