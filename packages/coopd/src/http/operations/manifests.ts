import type { Operation } from "./operation.ts";

/** The smallest hen that works: it thinks without a provider and has no network. */
const EXAMPLE = [
  "spec_version: coop/v1",
  "name: aria",
  "brain: { provider_id: none, provider: script, model: hello }",
  "tools: [bash]",
  'network: { policy: "off" }',
  "lease: { allow_lease: true, require_framework: false }",
  "",
].join("\n");

/** agent.yaml as a request's body, alone or with the files that it names. */
export const MANIFEST_BODY = {
  "application/yaml": { schema: { type: "string", description: "agent.yaml; see `coop schema`", examples: [EXAMPLE] } },
  "multipart/form-data": {
    schema: {
      type: "object",
      required: ["manifest"],
      properties: {
        manifest: { type: "string" },
        attachment: { type: "array", items: { type: "string" }, description: "files that the manifest names" },
      },
    },
  },
};

/** `/hens/:id/manifest` and `/manifests/check`. */
export const MANIFEST_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/hens/{id}/manifest",
    summary: "Its agent.yaml as written; the revision is the ETag",
    status: 200,
    answers: "YAML text",
    type: "application/yaml",
  },
  {
    method: "put",
    path: "/api/v1/hens/{id}/manifest",
    summary: "Replace it: holds from the next job, the network at once",
    isConditional: true,
    body: MANIFEST_BODY,
    status: 200,
    answers: "the new revision",
    schema: "Revision",
  },
  {
    method: "post",
    path: "/api/v1/manifests/check",
    scope: "read",
    summary: "Look at a manifest without making anything of it",
    body: { "application/yaml": { schema: { type: "string", examples: [EXAMPLE] } } },
    status: 200,
    answers: "its faults and warnings, each with line and column",
    schema: "ManifestCheck",
  },
];
