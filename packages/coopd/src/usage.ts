import { SETTING_ROWS } from "./setting-rows.ts";

/** Those that no option above stands for. */
const VARIABLES = SETTING_ROWS.filter(({ option }) => option === undefined).flatMap(({ variables }) => variables);

/** `coopd --help`. */
export const USAGE = `coopd, the daemon of Coop

Usage:
  coopd [--data-dir DIR] [--log LEVEL] serve [--addr HOST:PORT]
  coopd [--data-dir DIR] config-show
  coopd --help | --version

Commands:
  serve         run the farm in the foreground until SIGINT or SIGTERM
  config-show   print the effective settings, secrets masked

Options:
  --data-dir DIR     where everything is kept   [COOP_DATA_DIR, default ~/.coop]
  --log LEVEL        debug, info, warn, error or off   [COOP_LOG, default info]
  --addr HOST:PORT   where to listen   [default 127.0.0.1:9700; port 0: any free one]
  -h, --help         this text
  -V, --version      the version

Environment, all of it told in docs/configuration.md:
${wrapWords(VARIABLES, 100)}

Examples:
  coopd serve
  coopd --data-dir ./farm serve --addr 127.0.0.1:9800
  COOP_API_TOKEN=$(cat token) COOP_PUBLIC=1 coopd serve --addr 0.0.0.0:9700
`;

function wrapWords(words: readonly string[], columns: number): string {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length + 1 > columns) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}
