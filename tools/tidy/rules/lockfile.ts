import type { Finding, Rule } from "../finding.ts";
import { lineAt, type Tree } from "../tree/tree.ts";

/** Lines that .npmrc must have: how we install is the same on every machine. */
const NPMRC_LINES: readonly string[] = [
  "install-strategy=linked",
  "omit-lockfile-registry-resolved=true",
  "save-exact=true",
];
/** Settings that belong to a machine or a person, never to the repository. */
const NPMRC_PRIVATE = /^(?:.*registry|_?auth.*|.*:_.*|.*proxy|cafile|ca|cert|key|prefix|cache)\s*=/;

/** The lockfile names no host, every dependency is pinned exactly, and .npmrc says how to install, not from where. */
export const lockfile: Rule = {
  name: "lockfile",
  check: (tree) => [...checkResolved(tree), ...checkPins(tree), ...checkNpmrc(tree)],
};

function checkResolved(tree: Tree): readonly Finding[] {
  const path = "package-lock.json";
  const text = tree.files.get(path)?.text ?? "";
  return [...text.matchAll(/"resolved":\s*"(?:[a-z+]+:\/\/|git@)[^"]*"/g)].map(({ index }) => ({
    path,
    line: lineAt(text, index),
    message: "names the host that a package came from",
    fix: "keep omit-lockfile-registry-resolved=true in .npmrc and run npm install",
  }));
}

function checkPins(tree: Tree): readonly Finding[] {
  return [...tree.files.values()]
    .filter(({ path }) => /(?:^|\/)package\.json$/.test(path))
    .flatMap(({ path, text = "{}" }) => {
      const manifest = JSON.parse(text);
      const fields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
      return fields
        .flatMap((field) => Object.entries<string>(manifest[field] ?? {}))
        .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
        .map(([name, version]) => ({
          path,
          line: lineAt(text, text.indexOf(`"${name}": "${version}"`)),
          message: `${name} is "${version}", not one version`,
          fix: "pin it exactly, as in 1.2.3",
        }));
    });
}

function checkNpmrc(tree: Tree): readonly Finding[] {
  const path = ".npmrc";
  const lines = (tree.files.get(path)?.text ?? "").split("\n");
  const absent = NPMRC_LINES.filter((wanted) => !lines.includes(wanted));
  return [
    ...absent.map((wanted) => ({ path, line: 1, message: `lacks ${wanted}`, fix: "add the line" })),
    ...lines.flatMap((text, at) =>
      NPMRC_PRIVATE.test(text)
        ? [{ path, line: at + 1, message: "sets something of one machine", fix: "keep it in ~/.npmrc" }]
        : [],
    ),
  ];
}
