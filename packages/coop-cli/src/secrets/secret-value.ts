import { fstatSync } from "node:fs";
import { CoopError } from "coopd-core";
import { Secret } from "coopd-vault";
import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { withoutLineEnd } from "./line-end.ts";
import { readHidden } from "./read-hidden.ts";

/**
 * The value to store: the variable `COOP_SECRET_VALUE`, a pipe or file on standard input, or what is typed. Never an argument,
 * which every process of the machine can read. Whoever asks closes it. @throws CoopError `bad_request`
 */
export async function readSecretValue(context: CommandContext, name: string): Promise<Secret> {
  const given = context.settings.variable("COOP_SECRET_VALUE");
  if (given !== undefined) return new Secret(given);
  if (isPiped()) {
    if (context.options.text("passphrase-file") === "-") {
      throw new CoopError("bad_request", "standard input cannot be both the passphrase and the value", {
        next: "Give one of them by another way: --passphrase-file FILE, COOP_PASSPHRASE or COOP_SECRET_VALUE.",
      });
    }
    return requireValue(new Secret(withoutLineEnd(await readInputFile("-"))));
  }
  const typed = await readHidden(context.output, `Value of ${name}: `);
  if (typed !== undefined) return requireValue(typed);
  throw new CoopError("bad_request", "there is no terminal to ask for the value on", {
    next: "Pipe it in, or give it by COOP_SECRET_VALUE.",
  });
}

/** A pipe, a socket or a file; a terminal is asked, and /dev/null holds nothing. */
function isPiped(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false; // closed
  }
}

function requireValue(secret: Secret): Secret {
  if (secret.lend((bytes) => bytes.length) > 0) return secret;
  throw new CoopError("bad_request", "the value is empty");
}
