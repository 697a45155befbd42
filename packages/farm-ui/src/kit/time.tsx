import { signal } from "@preact/signals";

/** The time as all relative times on the page see it, ms since 1970: one clock, a step a second. */
export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === "visible") now.value = Date.now();
}, 1_000);
document.addEventListener("visibilitychange", () => {
  now.value = Date.now();
});

/** `4 s`, `12 min`, `3 h`, `5 d`. */
export function formatSpan(ms: number): string {
  const secs = Math.max(0, Math.floor(ms / 1_000));
  if (secs < 60) return `${secs} s`;
  if (secs < 3_600) return `${Math.floor(secs / 60)} min`;
  if (secs < 86_400) return `${Math.floor(secs / 3_600)} h`;
  return `${Math.floor(secs / 86_400)} d`;
}

/** `84 ms`, `1.4 s`, `12 s`, `3 min`: how long something took. */
export function formatSecs(ms: number): string {
  if (ms < 950) return `${Math.round(ms)} ms`;
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : formatSpan(ms);
}

/** `0:04`, `12:30`, `3:05:10`: a timer. */
export function formatTimer(ms: number): string {
  const secs = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(secs / 3_600), Math.floor(secs / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(secs % 60)}` : `${minutes}:${two(secs % 60)}`;
}

/** `23:00:27.220`, UTC, as journals and logs have it; an instant leaves out the zeros at its end. */
export function formatClock(at: string): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** How long ago; the exact time on hover and for whoever reads the markup. */
export function Time({ at }: { readonly at: string }) {
  const ms = Date.parse(at);
  const ago = now.value - ms;
  return (
    <time dateTime={at} title={new Date(ms).toLocaleString()}>
      {ago < 5_000 ? "just now" : `${formatSpan(ago)} ago`}
    </time>
  );
}

/** How long something has been going on, as a timer, or how long it took. */
export function Elapsed({ from, to }: { readonly from: string | number; readonly to?: string | null }) {
  const startMs = typeof from === "number" ? from : Date.parse(from);
  const text = typeof to === "string" ? formatSecs(Date.parse(to) - startMs) : formatTimer(now.value - startMs);
  return <span class="amount">{text}</span>;
}
