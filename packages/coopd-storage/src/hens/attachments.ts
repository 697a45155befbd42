import type { HenId } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";

/** Stores the files that a manifest names, by the names that it uses. */
export function insertAttachments(scope: WriteScope, id: HenId, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    scope.sql.run("INSERT INTO hen_attachments (hen_id, name, content) VALUES ($id, $name, $content)", {
      id,
      name,
      content,
    });
  }
}
