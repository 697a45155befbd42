import { CoopError, FARM_COOP_ID, toHenId } from "coopd-core";
import { parseManifestBytes } from "coopd-core/manifest";
import { readInputFile } from "../files/read-input-file.ts";
import { readAttachments } from "./attachments.ts";

/** A manifest of a file, sound, with what it names. */
export interface FoundManifest {
  readonly file: string;
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly attachments: Readonly<Record<string, string>>;
}

/** What a path holds. */
export interface Findings {
  readonly manifests: readonly FoundManifest[];
  /** YAML files of a folder that are no manifests, as scripts are. */
  readonly skipped: readonly string[];
}

/** A farm is applied file by file; far more than anybody keeps in one folder. */
const FILES_MAX = 1_000;

/**
 * Reads a manifest, or the `*.yaml` and `*.yml` of a folder by name. All are checked before any is used, and no two may be of
 * one hen. @throws CoopError `manifest_invalid` with the file's name, `bad_request`
 */
export async function findManifests(path: string): Promise<Findings> {
  const files = await filesAt(path);
  const manifests: FoundManifest[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const bytes = await readInputFile(file);
    if (files.length > 1 && !/^spec_version\s*:/m.test(new TextDecoder().decode(bytes))) {
      skipped.push(file);
      continue;
    }
    const found = { file, id: idOf(file, bytes), bytes, attachments: await readAttachments(file, bytes) };
    const twin = manifests.find(({ id }) => id === found.id);
    if (twin !== undefined) throw new CoopError("bad_request", `${twin.file} and ${file} are both of ${found.id}`);
    manifests.push(found);
  }
  return { manifests, skipped };
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === "-") return [path];
  const { readdir, stat } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const found = await stat(path).catch((cause) => {
    throw new CoopError("bad_request", `cannot read ${path}: there is no such file`, { cause });
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new CoopError("bad_request", `${path} holds no *.yaml file`);
  if (names.length > FILES_MAX) throw new CoopError("bad_request", `${path} holds more than ${FILES_MAX} YAML files`);
  return names.map((name) => join(path, name));
}

function idOf(file: string, bytes: Uint8Array): string {
  try {
    return toHenId(FARM_COOP_ID, parseManifestBytes(bytes).manifest.name);
  } catch (error) {
    if (!(error instanceof CoopError)) throw error;
    const { code, message, details, next } = error;
    throw new CoopError(code, `${file}: ${message}`, {
      ...(details === undefined ? {} : { details }),
      ...(next === undefined ? {} : { next: next.replace(/ FILE$/, ` ${file}`) }),
    });
  }
}
