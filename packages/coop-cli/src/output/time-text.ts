/** A length of time in the two digits that a person wants: `340 ms`, `12.3 s`, `4 min 5 s`, `3 h 2 min`, `5 d`. */
export function toDurationText(ms: number): string {
  if (ms < 0 || !Number.isFinite(ms)) return "0 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const secs = Math.floor(ms / 1_000);
  if (secs < 3_600) return `${Math.floor(secs / 60)} min ${secs % 60} s`;
  const mins = Math.floor(secs / 60);
  if (mins < 2_880) return `${Math.floor(mins / 60)} h ${mins % 60} min`;
  return `${Math.floor(mins / 1_440)} d`;
}

/** How long ago an instant was, in one unit: `now`, `12 s`, `3 min`, `5 h`, `9 d`. */
export function toAgeText(instant: string, nowMs: number): string {
  const secs = Math.floor((nowMs - Date.parse(instant)) / 1_000);
  if (Number.isNaN(secs)) return "";
  if (secs < 1) return "now";
  if (secs < 60) return `${secs} s`;
  if (secs < 3_600) return `${Math.floor(secs / 60)} min`;
  if (secs < 172_800) return `${Math.floor(secs / 3_600)} h`;
  return `${Math.floor(secs / 86_400)} d`;
}

/** An instant as the reader's clock shows it: `2026-03-01 10:00:02`. */
export function toClockText(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "";
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
