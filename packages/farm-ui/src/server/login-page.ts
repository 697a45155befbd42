import type { BuiltPage } from "./built-page.ts";
import { escapeHtml } from "./escape-html.ts";

/** What the login page says besides its form. */
export interface LoginParts {
  readonly problem?: string | undefined;
  /** Where a login leads; see `toReturnPath`. */
  readonly next?: string | undefined;
}

/** Asks for a token; without script, so that it works before anything of the farm may be loaded. */
export function renderLoginPage(page: BuiltPage, { problem, next }: LoginParts = {}): string {
  const told = problem === undefined ? "" : `<p class="problem" role="alert">${escapeHtml(problem)}</p>\n`;
  const goal =
    next === undefined || next === "/" ? "" : `<input type="hidden" name="next" value="${escapeHtml(next)}">\n`;
  return document(
    page,
    "Log in · Coop Farm",
    "",
    `<main class="gate">
<div class="sign">
<h1><span aria-hidden="true">🐔</span> Coop Farm</h1>
${told}<form method="post" action="/login">
${goal}<label for="token">Token of this farm</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password">
<button type="submit">Log in</button>
</form>
<p>On the machine of the farm <code>coop open</code> logs you in without one; the token itself lies in <code>token</code> in its data directory.</p>
</div>
</main>
`,
  );
}

/**
 * Asks again for the same page, as that page. A login's cookie is not sent along when a link on another site is followed;
 * from here it is.
 */
export function renderKnockPage(page: BuiltPage, path: string): string {
  const place = escapeHtml(path);
  const refresh = `<meta http-equiv="refresh" content="0; url=${place}">\n`;
  const body = `<main class="gate"><p><a href="${place}">Open the farm</a></p></main>\n`;
  return document(page, "Coop Farm", refresh, body);
}

function document(page: BuiltPage, title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}<title>${title}</title>
<link rel="icon" href="/assets/${page.icon}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/${page.loginStyle}">
</head>
<body>
${body}</body>
</html>
`;
}
