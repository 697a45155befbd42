import * as z from "zod";
import { manifestSchema } from "./schema/manifest.ts";

/**
 * agent.yaml as JSON Schema 2020-12, for editors and for `coop schema`. It holds every key, type, range and default;
 * what depends on several keys at once (rules/) and the form of hosts and references is said in descriptions only.
 * Where it says `string`, agent.yaml takes any unquoted scalar by its text.
 */
export function manifestJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(manifestSchema, { io: "input", target: "draft-2020-12" });
  return { $schema, title: "Coop agent.yaml", description: "One hen of a Coop farm.", ...rest };
}

/**
 * The manifest as it is stored and sent: every key is there. What the keys mean stands in {@link manifestJsonSchema}, so it
 * is not said again.
 */
export function filledManifestJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(manifestSchema, {
    io: "output",
    target: "draft-2020-12",
    override({ jsonSchema }) {
      delete jsonSchema.description;
      delete jsonSchema.default;
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties; // a newer daemon may send more
    },
  });
  return { description: "agent.yaml with every default filled in", ...schema };
}
