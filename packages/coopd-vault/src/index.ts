export * from "./reference/parse-secret-reference.ts";
export * from "./secret/secret.ts";
