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
${HEN}<h1><span aria-hidden="true">🐔</span> Coop Farm</h1>
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

/** Stands on the sign. */
const HEN = `<svg class="gate-hen" viewBox="0 0 64 58" width="96" height="87" aria-hidden="true">
<path class="leg" d="M27 44v11M36 44v11"/>
<path class="dark" d="M15 30C6 26 3 16 8 11c2 4 5 3 7 5 1-3 3-4 5-4 1 6 2 10 4 13z"/>
<path class="body" d="M13 28c4-5 11-6 17-5 6 .5 8-4 9-9 1-6 5-9 9-8 5 1 6 6 5 12-.5 5 1 9-1 15-3 9-11 13-20 13-11 0-22-7-19-18z"/>
<path class="dark" d="M20 30c6-4 16-3 19 4-4 7-15 7-19-4z"/>
<path class="comb" d="M42 7c-1-4 2-5 3-3 1-4 5-4 5 0 3-1 4 2 2 5-3-2-7-3-10-2zM53 19c3 2 3 6 0 7-3-1-3-5 0-7z"/>
<path class="beak" d="M53 12l8 3.5-8 3z"/>
<circle class="eye" cx="48" cy="13" r="1.9"/>
</svg>
`;

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
