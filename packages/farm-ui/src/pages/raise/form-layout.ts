import type { JsonSchema } from "coop-client";
import { isUnused, type Path, pathText, propertiesOf, unwrap } from "../../manifest/schema.ts";

/** One field of the form. */
export interface FormField {
  readonly path: readonly string[];
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** Some fields under one head. */
export interface FormSection {
  readonly title: string;
  readonly fields: readonly FormField[];
  /** Folded until somebody wants it. */
  readonly isFolded: boolean;
}

/** What most hens need, in the order in which one thinks of it. Every other key of the schema follows by itself. */
const SECTIONS: readonly (readonly [title: string, paths: readonly string[]])[] = [
  ["Who it is", ["name", "visual.emoji", "visual.theme_color", "sex", "personality.system_prompt"]],
  ["What it thinks with", ["brain.provider", "brain.provider_id", "brain.model", "brain.base_url"]],
  ["What it may use", ["tools"]],
  ["What it may reach", ["network.policy", "network.allow"]],
  ["What a job may cost", ["limits.max_turns", "limits.wall_secs", "limits.cost_usd", "limits.day_cost_usd"]],
  ["What it remembers", ["memory.episodic_retention_days", "memory.inherit_from"]],
];

/** The form of a schema: the usual fields first, then all others by their top key, folded. */
export function toSections(schema: JsonSchema): readonly FormSection[] {
  const all = new Map(fieldsOf(schema, [], true).map((field) => [field.path.join("."), field]));
  const taken = new Set(["spec_version"]);
  const usual = SECTIONS.map(([title, paths]): FormSection => {
    const fields = paths.flatMap((path) => all.get(path) ?? []);
    for (const path of paths) taken.add(path);
    return { title, fields, isFolded: false };
  });
  const others = Map.groupBy(
    [...all].filter(([key]) => !taken.has(key)).map(([, field]) => field),
    ({ path }) => path[0] ?? "",
  );
  const rest = [...others].map(
    ([key, fields]): FormSection => ({ title: `More: ${toWords(key)}`, fields, isFolded: true }),
  );
  return [...usual, ...rest].filter(({ fields }) => fields.length > 0);
}

/** Leaves of the schema that a form can hold; free maps are for the YAML. */
function fieldsOf(schema: JsonSchema, path: readonly string[], isRequired: boolean): readonly FormField[] {
  const of = unwrap(schema);
  if (isUnused(schema)) return [];
  const properties = Object.entries(propertiesOf(of));
  if (properties.length > 0) {
    const required = Array.isArray(of.required) ? (of.required as readonly string[]) : [];
    return properties.flatMap(([key, inner]) => fieldsOf(inner, [...path, key], isRequired && required.includes(key)));
  }
  return of.type === "object" ? [] : [{ path, schema: of, isRequired }];
}

const LABELS: Readonly<Record<string, string>> = {
  "visual.emoji": "Emoji",
  "visual.theme_color": "Colour",
  sex: "Hen or rooster",
  "personality.system_prompt": "What it is told about itself",
  "brain.provider": "Kind of model",
  "brain.provider_id": "Where its key lies",
  "brain.base_url": "Address of the model server",
  "network.policy": "Network",
  "network.allow": "Hosts that it may reach",
  "limits.max_turns": "Turns",
  "limits.wall_secs": "Seconds",
  "limits.cost_usd": "Dollars",
  "limits.day_cost_usd": "Dollars a day, all jobs",
  "memory.episodic_retention_days": "Days that a job is remembered",
  "memory.inherit_from": "Begins with the memory of",
};

/** A label in words. */
export function labelOf(path: Path): string {
  return LABELS[pathText(path)] ?? toWords(String(path.at(-1)));
}

function toWords(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Fields that mean something only beside another value. One that is written in the text is shown all the same. */
const ONLY_WITH: Readonly<Record<string, readonly [path: readonly string[], value: string]>> = {
  "brain.base_url": [["brain", "provider"], "openai-compat"],
  "network.allow": [["network", "policy"], "allowlist"],
  agent_command: [["agent_kind"], "custom"],
};

/** Whether a field has a meaning beside these values. */
export function isMeant(path: readonly string[], valueAt: (path: readonly string[]) => unknown): boolean {
  const only = ONLY_WITH[path.join(".")];
  return only === undefined || valueAt(path) !== undefined || valueAt(only[0]) === only[1];
}
