import type { TerminalEnding, TerminalLink } from "coop-client";
import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { readDetachKey } from "../terminals/detach-key.ts";
import { openRawTerminal, type RawTerminal } from "../terminals/raw-terminal.ts";

/** What a bare Ctrl-] is to telnet: nobody types it by accident. */
const DETACH_KEY = "C-]";

/**
 * `coop shell HEN`: this terminal becomes the hen's, until its program ends or the detach key is pressed. The exit code is
 * the program's. @throws CoopError `bad_request` where there is no terminal, `unreachable`, what the daemon refuses
 */
export async function run(context: CommandContext): Promise<number> {
  const { args, options, output } = context;
  const [henId = ""] = args;
  const isReadOnly = options.flag("read-only");
  const name = options.text("detach-key") ?? DETACH_KEY;
  const detachKey = readDetachKey(name);
  const client = await context.client();
  using terminal = openRawTerminal(henId);
  const link = await client.terminals.attach(henId, { ...terminal.size(), isReadOnly });
  await output.note(`attached to ${henId}${isReadOnly ? ", to watch" : ""}; ${name} detaches`);
  const ending = await connect(terminal, link, { output, detachKey, isReadOnly });
  terminal.restore();
  return await report(context, henId, ending);
}

interface Ends {
  readonly output: CommandContext["output"];
  readonly detachKey: number;
  readonly isReadOnly: boolean;
}

async function connect(terminal: RawTerminal, link: TerminalLink, ends: Ends): Promise<TerminalEnding> {
  try {
    terminal.start({
      typed(bytes) {
        // A key that is pressed comes alone; in a paste it is a character like others.
        if (bytes.length === 1 && bytes[0] === ends.detachKey) link.close();
        else if (!ends.isReadOnly) link.type(bytes);
      },
      resized: ({ cols, rows }) => link.resize(cols, rows),
      hungUp: () => link.close(),
    });
    // The daemon has taken out what would act on more than this window (docs/terminals.md).
    for await (const piece of link.output()) await ends.output.bytes(piece);
    return link.ending ?? { kind: "closed" };
  } finally {
    link.close();
  }
}

async function report({ output }: CommandContext, henId: string, ending: TerminalEnding): Promise<number> {
  switch (ending.kind) {
    case "exit":
      await output.note(`the program in the terminal of ${henId} ended with ${ending.code}`);
      return ending.code < 0 ? 1 : ending.code;
    case "closed":
      await output.note(`detached; the terminal of ${henId} goes on: coop shell ${henId}`);
      return 0;
    case "error":
      throw new CoopError("interrupted", ending.message);
    case "lost":
      throw new CoopError("unreachable", `the daemon was lost: ${ending.message}`, {
        next: `The terminal goes on if the daemon does: coop shell ${henId}`,
      });
  }
}
