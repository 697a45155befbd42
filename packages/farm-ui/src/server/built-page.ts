import { CoopError } from "coopd-core";

/** One file of the page, in every form that it can be sent in. */
export interface BuiltAsset {
  readonly type: string;
  /** Of its content; also in its name, so that it never changes under its name. */
  readonly hash: string;
  /** Paths of the file as it is and compressed. */
  readonly forms: Readonly<Record<"identity" | "gzip" | "br", string>>;
}

/** What the build made, named by `dist/page-table.js`. */
export interface BuiltPage {
  /** File names, served below `/assets/`. */
  readonly script: string;
  readonly style: string;
  readonly loginStyle: string;
  readonly icon: string;
  /** Scripts that the first screen needs at once besides `script`. */
  readonly preloads: readonly string[];
  readonly assets: Readonly<Record<string, BuiltAsset>>;
}

let loaded: Promise<BuiltPage> | undefined;

/**
 * The built page. Only its table is read, at the first call; the files stay where they are until they are asked for.
 * @throws CoopError `not_ready` when the page was not built
 */
export function loadPage(): Promise<BuiltPage> {
  loaded ??= import("../../dist/page-table.js").then(
    ({ PAGE }) => PAGE,
    (error: unknown) => {
      loaded = undefined;
      throw new CoopError("not_ready", "the page was not built", { next: "Build it: npm run check", cause: error });
    },
  );
  return loaded;
}
