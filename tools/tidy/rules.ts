import type { Rule } from "./finding.ts";
import { borders } from "./rules/borders.ts";
import { consoleUse } from "./rules/console.ts";
import { documents } from "./rules/documents.ts";
import { environment } from "./rules/environment.ts";
import { exports } from "./rules/exports.ts";
import { importCircles } from "./rules/import-circles.ts";
import { imports } from "./rules/imports.ts";
import { leftovers } from "./rules/leftovers.ts";
import { licences } from "./rules/licences.ts";
import { lockfile } from "./rules/lockfile.ts";
import { machineTraces } from "./rules/machine-traces.ts";
import { names } from "./rules/names.ts";
import { openCore } from "./rules/open-core.ts";
import { size } from "./rules/size.ts";

/** Every rule of the house, in the order in which their findings are printed. */
export const RULES: readonly Rule[] = [
  borders,
  imports,
  importCircles,
  environment,
  consoleUse,
  exports,
  names,
  size,
  leftovers,
  licences,
  lockfile,
  machineTraces,
  openCore,
  documents,
];
