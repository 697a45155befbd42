/** Time, handed in so that tests need not sleep. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}
