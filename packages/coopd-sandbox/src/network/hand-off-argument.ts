/**
 * The hidden argument by which our own executable is the hand-off helper (hand-off-main.ts) instead of `coop` or `coopd`.
 * In a file of its own: the executable's entry reads it before anything else is loaded.
 */
export const HAND_OFF_ARGUMENT = "--internal-hand-off";
