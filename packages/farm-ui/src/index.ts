export { renderFarmPage } from "./plain-page.ts";
