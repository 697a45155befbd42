import { CoopError } from "coopd-core";

/** What `POST /hens` carries: the agent.yaml, and the files it names that lie beside it. */
export interface ManifestParts {
  readonly manifest: Uint8Array;
  readonly attachments: Readonly<Record<string, string>>;
}

/** A manifest names few files, and each has its own size limit inside the body's. */
const ATTACHMENTS_MAX = 8;

/**
 * The body as the original takes it (agent.yaml text, whatever the content type says), or `multipart/form-data` with one
 * part `manifest` and file parts `attachment`, whose file names are the names the manifest uses. The daemon itself never
 * opens a path that a client names.
 * @throws CoopError `bad_shape`, `bad_request`
 */
export async function readManifestParts(contentType: string, body: Uint8Array): Promise<ManifestParts> {
  if (!/^multipart\/form-data\b/i.test(contentType)) return { manifest: body, attachments: {} };
  const form = await parseForm(contentType, body);
  const manifest = form.get("manifest");
  if (manifest === null) throw new CoopError("bad_shape", "the form has no part named `manifest`");
  const files = form.getAll("attachment");
  if (files.length > ATTACHMENTS_MAX) {
    throw new CoopError("bad_shape", `the form has ${files.length} attachments; the limit is ${ATTACHMENTS_MAX}`);
  }
  const attachments: Record<string, string> = Object.create(null);
  for (const file of files) {
    if (typeof file === "string" || file.name === "")
      throw new CoopError("bad_shape", "an attachment has no file name");
    attachments[file.name] = await file.text();
  }
  const bytes = typeof manifest === "string" ? new TextEncoder().encode(manifest) : await manifest.bytes();
  return { manifest: bytes, attachments };
}

async function parseForm(contentType: string, body: Uint8Array) {
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch (error) {
    throw new CoopError("bad_request", "the body is not the multipart form its Content-Type says", { cause: error });
  }
}
