import type { BuiltPage } from "./built-page.ts";

/** What a browser shows that runs no script; every command of it works without the page. */
const WITHOUT_SCRIPT = `<noscript>
<main class="no-script">
<h1>🐔 Coop Farm</h1>
<p>This page draws the farm with script, which is switched off here. The command line shows the same:</p>
<pre><code>coop farm
coop attention
coop hen list
coop job list
coop job run local.coop/NAME "look around" --wait</code></pre>
</main>
</noscript>`;

/** The one document of the page; the address says which part of it is shown. It holds nothing of the farm. */
export function renderDocument(page: BuiltPage): string {
  const preloads = page.preloads.map((name) => `<link rel="modulepreload" href="/assets/${name}">\n`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="coop-api" content="/api/v1/hens">
<meta name="coop-terminal" content="/shell">
<title>🐔 Coop Farm</title>
<link rel="icon" href="/assets/${page.icon}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/${page.style}">
${preloads}<script type="module" src="/assets/${page.script}"></script>
</head>
<body>
<div id="app"></div>
${WITHOUT_SCRIPT}
</body>
</html>
`;
}
