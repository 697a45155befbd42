export { isPagePath, toReturnPath } from "./page-paths.ts";
export { type BuiltAsset, type BuiltPage, loadPage } from "./server/built-page.ts";
export { renderDocument } from "./server/document.ts";
export { renderKnockPage, renderLoginPage } from "./server/login-page.ts";
