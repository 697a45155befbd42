import type { Hen, HenId, HenState, Page } from "coopd-core";
import { type ReadScope, readOrSetAside, readRows, type Scope, toRowLimit } from "../rows/scope.ts";
import { type HenRow, SELECT_HEN, toHen } from "./hen-row.ts";

/** One hen, or undefined. */
export function hen(scope: ReadScope, id: HenId): Hen | undefined {
  const row = scope.sql.get<HenRow>(`${SELECT_HEN} WHERE hens.id = $id`, { id });
  return row === undefined ? undefined : readOrSetAside(scope, () => toHen(row));
}

/** Ordered by id, on the primary key or on `hens_by_state`. */
export function hens(scope: ReadScope, filter: { readonly state?: HenState }, page: Page): readonly Hen[] {
  const { state } = filter;
  const where = state === undefined ? "hens.id > $after" : "hens.state = $state AND hens.id > $after";
  const text = `${SELECT_HEN} WHERE ${where} ORDER BY hens.id LIMIT $limit`;
  return readRows<HenRow, Hen>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) => {
      const after = last?.id ?? page.after ?? "";
      return scope.sql.all(text, state === undefined ? { after, limit } : { state, after, limit });
    },
    decode: toHen,
  });
}

/** The agent.yaml text as it was given. */
export function manifestText(scope: Scope, id: HenId): string | undefined {
  const row = scope.sql.get<{ text: string }>("SELECT manifest_text AS text FROM hen_bodies WHERE hen_id = $id", {
    id,
  });
  return row?.text;
}

/** A file that came with the manifest, by the name that it uses. */
export function attachment(scope: Scope, id: HenId, name: string): string | undefined {
  const row = scope.sql.get<{ content: string }>(
    "SELECT content FROM hen_attachments WHERE hen_id = $id AND name = $name",
    { id, name },
  );
  return row?.content;
}
