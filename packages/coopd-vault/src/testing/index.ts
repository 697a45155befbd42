/** For tests of other packages: vaults without their third of a second. No program imports it. */
export { quickDerive } from "./quick-derive.ts";
