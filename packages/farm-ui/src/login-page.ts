import { escapeHtml } from "./escape-html.ts";
import { PLAIN_STYLE_PATH } from "./plain-style.ts";

/** Asks for a token; without script, so that it works before anything of the farm may be loaded. */
export function renderLoginPage(problem?: string): string {
  const told = problem === undefined ? "" : `<p class="problem" role="alert">${escapeHtml(problem)}</p>\n`;
  return page(
    "Log in · Coop Farm",
    "",
    `<h1>🐔 Coop Farm</h1>
${told}<form method="post" action="/login">
<label for="token">Token of this farm</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password">
<button type="submit">Log in</button>
</form>
<p>On the machine of the farm <code>coop open</code> logs you in without one; the token itself lies in <code>token</code> in its data directory.</p>
`,
  );
}

/**
 * Asks again for the same page, as that page. A login's cookie is not sent along when a link on another site is followed;
 * from here it is.
 */
export function renderKnockPage(path: string): string {
  const place = escapeHtml(path);
  const refresh = `<meta http-equiv="refresh" content="0; url=${place}">\n`;
  return page("Coop Farm", refresh, `<p><a href="${place}">Open the farm</a></p>\n`);
}

function page(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>${title}</title>
<link rel="stylesheet" href="${PLAIN_STYLE_PATH}">
</head>
<body>
${body}</body>
</html>
`;
}
