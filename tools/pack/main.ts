import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { pack } from "./pack.ts";
import { parseTarget, TARGETS, type Target } from "./targets.ts";

const USAGE = `Usage: npm run build [-- --all | --target NAME ...]

Without an option: dist/coop and dist/coopd, for this machine.
  --target NAME  dist/NAME/coop and dist/NAME/coopd; may be given more than once:
                 ${TARGETS.map(({ name }) => name).join(", ")}
  --all          all of them
`;

// `npm run build`
const root = process.cwd();
process.exitCode = await build(process.argv.slice(2));

async function build(argv: string[]): Promise<number> {
  let targets: readonly (Target | undefined)[];
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        all: { type: "boolean" },
        target: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    targets = values.all === true ? TARGETS : (values.target?.map(parseTarget) ?? [undefined]);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  for (const target of targets) await buildOne(target);
  return 0;
}

async function buildOne(target: Target | undefined): Promise<void> {
  const startedAt = performance.now();
  const { coop, coopd } = await pack(root, join(root, "dist", target?.name ?? ""), target);
  const megabytes = Math.round(statSync(coop).size / 1e6);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${relative(root, coop)} (${megabytes} MB) and ${relative(root, coopd)}, a link to it, in ${seconds} s`);
}
