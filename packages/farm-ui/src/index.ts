export { renderKnockPage, renderLoginPage } from "./login-page.ts";
export { renderFarmPage } from "./plain-page.ts";
export { PLAIN_STYLE, PLAIN_STYLE_PATH } from "./plain-style.ts";
