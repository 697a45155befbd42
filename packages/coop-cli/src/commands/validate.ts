import { CoopError, exitCodeOf } from "coopd-core";
import { describeFault, type ManifestFault, parseManifestBytes } from "coopd-core/manifest";
import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";

interface FileReport {
  readonly file: string;
  readonly ok: boolean;
  readonly faults: readonly ManifestFault[];
  readonly warnings: readonly ManifestFault[];
}

/** Lines in a pipe too, unless `-o` asks for something else: editors and CI read `FILE:LINE:COLUMN`. */
export async function run(context: CommandContext): Promise<number> {
  const { args, output, settings } = context;
  const reports: FileReport[] = [];
  for (const file of args) reports.push(await check(file));
  if (settings.isFormatAsked && output.format !== "table") await output.value(reports, () => "");
  else await output.text(reports.map((report) => renderReport(report, output.paint, output.isQuiet)).join(""));
  return reports.every(({ ok }) => ok) ? 0 : exitCodeOf("manifest_invalid");
}

async function check(file: string): Promise<FileReport> {
  const bytes = await readInputFile(file);
  try {
    const { warnings } = parseManifestBytes(bytes);
    return { file, ok: true, faults: [], warnings };
  } catch (error) {
    if (!(error instanceof CoopError) || error.code !== "manifest_invalid") throw error;
    return { file, ok: false, faults: (error.details?.faults ?? []) as readonly ManifestFault[], warnings: [] };
  }
}

function renderReport({ file, ok, faults, warnings }: FileReport, paint: Paint, isQuiet: boolean): string {
  const lines = [
    ...faults.map((fault) => faultLine(file, paint.red("error:"), fault)),
    ...(isQuiet ? [] : warnings.map((fault) => faultLine(file, paint.yellow("warning:"), fault))),
    ...(ok && !isQuiet ? [`${toPlainLine(file)}: ${paint.green("ok")}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** `agent.yaml:4:3: error: brain.modle: unknown key; …` */
function faultLine(file: string, kind: string, fault: ManifestFault): string {
  const text = describeFault(fault).slice(`${fault.line}:${fault.column}`.length).trimStart();
  return `${toPlainLine(file)}:${fault.line}:${fault.column}: ${kind} ${toPlainLine(text)}`;
}
