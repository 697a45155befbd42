/**
 * Runs `work` once before the next frame is drawn, however often it is asked for until then. A page that is not shown draws
 * no frames; there it runs within a second.
 */
export function oncePerFrame(work: () => void): () => void {
  let isDue = false;
  const run = () => {
    if (!isDue) return;
    isDue = false;
    work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    if (document.visibilityState === "visible") requestAnimationFrame(run);
    else setTimeout(run, HIDDEN_MS);
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
