import { SETTING_ROWS } from "../../../packages/coopd/src/setting-rows.ts";
import { renderTable } from "./in-place.ts";

/** The table of docs/configuration.md. */
export function renderSettings(): string {
  return renderTable(
    ["option", "variable", "default", "means"],
    SETTING_ROWS.map(({ option, variables, default: fallback, about }) => [
      option === undefined ? "" : `\`${option}\``,
      variables.map((name) => `\`${name}\``).join(", "),
      fallback,
      about,
    ]),
  );
}
