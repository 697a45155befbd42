import { CoopError } from "coopd-core";

/** The byte of a control key, `C-a` to `C-z` and `C-[ \\ ] ^ _`. @throws CoopError `bad_request` */
export function readDetachKey(name: string): number {
  const letter = /^C-([a-zA-Z[\\\]^_])$/.exec(name)?.[1];
  if (letter !== undefined) return letter.toUpperCase().charCodeAt(0) - 64;
  throw new CoopError("bad_request", `--detach-key ${JSON.stringify(name)} is not a control key`, {
    next: "Name one as in C-] or C-q.",
  });
}
