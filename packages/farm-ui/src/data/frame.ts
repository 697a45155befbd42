/**
 * Runs `work` once before the next frame is drawn, however often it is asked for until then; but no sooner than `restMs` after the
 * last time. A page that is not shown draws no frames; there it runs within a second.
 */
export function oncePerFrame(work: () => void, restMs = 0): () => void {
  let isDue = false;
  let restsUntil = 0;
  const run = () => {
    if (!isDue) return;
    isDue = false;
    restsUntil = performance.now() + restMs;
    work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    const waitMs = restsUntil - performance.now();
    if (document.visibilityState !== "visible") setTimeout(run, HIDDEN_MS);
    else if (waitMs > 0) setTimeout(() => requestAnimationFrame(run), waitMs);
    else requestAnimationFrame(run);
  };
}

/** Browsers give hidden pages timers of a second anyway. */
const HIDDEN_MS = 1_000;

/** After a failure, ms: a farm that is in trouble is not asked again and again. */
const FAILED_REST_MS = 5_000;

/**
 * Runs `work` at most every `restMs`: at once when it rested long enough, else when it has. One run at a time; asked for
 * while it runs, it runs once more. What failed is done again until it does not, so that nothing stays out of date.
 */
export function atMostEvery(restMs: number, work: () => Promise<void>): () => void {
  let isDue = false;
  let isBusy = false;
  let restsUntil = 0;
  const run = async (): Promise<void> => {
    isBusy = true;
    isDue = false;
    let rest = restMs;
    await work().catch(() => {
      isDue = true;
      rest = Math.max(restMs, FAILED_REST_MS);
    });
    restsUntil = performance.now() + rest;
    isBusy = false;
    if (isDue) start();
  };
  const start = () => void setTimeout(() => void run(), Math.max(0, restsUntil - performance.now()));
  return () => {
    if (!isDue && !isBusy) start();
    isDue = true;
  };
}
