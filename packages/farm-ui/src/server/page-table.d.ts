/** Written by tools/page; it is not there before the first build. */
declare module "*/dist/page-table.js" {
  export const PAGE: import("./built-page.ts").BuiltPage;
}
