/**
 * Exit codes beyond those of the error codes (`exitCodeOf` in coopd-core, 1–9); docs/cli.md has the whole table. A job that
 * did not end well is its own kind of failure: the commands worked, the job did not.
 */
export const EXIT_CODES = {
  jobFailed: 10,
  jobCancelled: 11,
  /** `--timeout-s` is over and the job has not ended; it goes on. */
  waitTimedOut: 12,
  /** 128 + SIGINT, as a shell reports it. */
  interrupted: 130,
  /** 128 + SIGTERM */
  terminated: 143,
} as const;
