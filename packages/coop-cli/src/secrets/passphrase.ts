import { statSync } from "node:fs";
import { CoopError } from "coopd-core";
import { Secret } from "coopd-vault";
import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { withoutLineEnd } from "./line-end.ts";
import { readHidden } from "./read-hidden.ts";

/** Where one passphrase may come from, in this order: the option's file, the variable, the terminal. Never an argument. */
interface Source {
  readonly option: string;
  readonly variable: string;
  readonly question: string;
}

const CURRENT: Source = { option: "passphrase-file", variable: "COOP_PASSPHRASE", question: "Passphrase: " };
const NEW: Source = {
  option: "new-passphrase-file",
  variable: "COOP_NEW_PASSPHRASE",
  question: "New passphrase: ",
};

/** The passphrase of a vault that is there. Whoever asks closes it. @throws CoopError `bad_request` when there is none to be had */
export function readPassphrase(context: CommandContext): Promise<Secret> {
  return read(context, CURRENT, false);
}

/** The passphrase of a vault that is made; asked for twice on a terminal. @throws CoopError `bad_request` */
export function readFirstPassphrase(context: CommandContext): Promise<Secret> {
  return read(context, CURRENT, true);
}

/** The passphrase that a vault shall have from now on; asked for twice on a terminal. @throws CoopError `bad_request` */
export function readNewPassphrase(context: CommandContext): Promise<Secret> {
  return read(context, NEW, true);
}

async function read(context: CommandContext, source: Source, isNew: boolean): Promise<Secret> {
  const { options, settings, output } = context;
  const file = options.text(source.option);
  if (file !== undefined) {
    await warnOfOpenFile(context, file);
    return nonEmpty(new Secret(withoutLineEnd(await readInputFile(file))), source);
  }
  const given = settings.variable(source.variable);
  if (given !== undefined) return new Secret(given);
  const typed = await readHidden(output, source.question);
  if (typed === undefined) throw missing(source);
  nonEmpty(typed, source);
  if (!isNew) return typed;
  using again = (await readHidden(output, "The same again: ")) ?? new Secret("");
  if (again.equals(typed)) return typed;
  typed.close();
  throw new CoopError("bad_request", "the two are not the same; nothing was done");
}

function nonEmpty(secret: Secret, source: Source): Secret {
  if (secret.lend((bytes) => bytes.length) > 0) return secret;
  throw new CoopError("bad_request", "the passphrase is empty", {
    next: `Give another one, or --${source.option} FILE.`,
  });
}

function missing(source: Source): CoopError {
  return new CoopError("bad_request", "there is no terminal to ask for the passphrase on", {
    next: `Give it by --${source.option} FILE (- is standard input) or ${source.variable}.`,
  });
}

/** A pipe, as of `<(pass show coop)`, has no mode to speak of. */
async function warnOfOpenFile({ output }: CommandContext, path: string): Promise<void> {
  const stat = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true && (stat.mode & 0o077) !== 0) {
    await output.warn(`${path} is open to other users; chmod 600 ${path}`);
  }
}
