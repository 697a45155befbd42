import type { FarmSummary, Hen, Job } from "coopd-core";
import { escapeHtml } from "./escape-html.ts";
import { PLAIN_STYLE_PATH } from "./plain-style.ts";

/**
 * The farm as one plain page without script: title, hens, newest jobs. Everything that came from a manifest or a model is
 * escaped.
 */
export function renderFarmPage(farm: FarmSummary, hens: readonly Hen[], jobs: readonly Job[]): string {
  const summary = `${hens.length} hens · ${farm.jobs.running} jobs running · ${farm.jobs.queued} queued`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="coop-api" content="/api/v1/hens">
<meta name="coop-terminal" content="/shell">
<title>🐔 Coop Farm</title>
<link rel="stylesheet" href="${PLAIN_STYLE_PATH}">
</head>
<body>
<h1>🐔 Coop Farm</h1>
<p>${escapeHtml(farm.coop_id)} · v${escapeHtml(farm.coopd_version)} · ${summary}</p>
<h2>Hens</h2>
${hens.length === 0 ? "<p>None yet: <code>coop hen create examples/demo.yaml</code></p>" : henTable(hens)}
<h2>Newest jobs</h2>
${jobs.length === 0 ? '<p>None yet: <code>coop job run local.coop/demo "look around" --wait</code></p>' : jobTable(jobs)}
</body>
</html>
`;
}

function henTable(hens: readonly Hen[]): string {
  const rows = hens.map((hen) => {
    const egg = hen.state === "DEFINED" || hen.state === "HATCHING";
    const face = egg ? "🥚" : hen.manifest.sex === "rooster" ? "🐓" : "🐔";
    const brain = `${hen.manifest.brain.provider} ${hen.manifest.brain.model}`;
    return row(`${face} ${hen.id}`, hen.state, brain, hen.manifest.tools.join(", "));
  });
  return table(["Hen", "State", "Brain", "Tools"], rows);
}

function jobTable(jobs: readonly Job[]): string {
  const rows = jobs.map((job) => row(job.hen_id, job.status, clip(job.prompt), clip(job.result ?? job.error ?? "")));
  return table(["Hen", "State", "Prompt", "Result"], rows);
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function row(name: string, state: string, ...rest: readonly string[]): string {
  const cells = rest.map((text) => `<td>${escapeHtml(text)}</td>`).join("");
  return `<tr><td>${escapeHtml(name)}</td><td class="state">${escapeHtml(state)}</td>${cells}</tr>`;
}

/** Long texts belong on a page of their own. */
const CELL_CHARS_MAX = 280;

function clip(text: string): string {
  return text.length > CELL_CHARS_MAX ? `${text.slice(0, CELL_CHARS_MAX)}…` : text;
}
