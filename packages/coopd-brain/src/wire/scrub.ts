/** Below this many characters a key is too common a text to be looked for. */
const KEY_CHARS_MIN = 6;

/** What providers' keys look like, masked ones too: an answer may quote another key than ours, or ours with stars in it. */
const KEY_SHAPE =
  /\b(?:sk|pk|rk|key|gsk|xai|r8|hf|nvapi|AIza)[-_][A-Za-z0-9_*.-]{8,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** What stands where a key was. */
export const MASK = "[key]";

/** Takes keys out of a text: `key` however it is written, and what looks like one. */
export type Scrub = (text: string) => string;

/** What takes this key out of texts that are for people, logs and journals (weaknesses C11). */
export function createScrub(key: string | undefined): Scrub {
  const forms = formsOf(key);
  return (text) => {
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, MASK);
    return clean.replaceAll(KEY_SHAPE, MASK);
  };
}

/** The key as it stands in texts, URLs, JSON and basic credentials; none when it is too short to be told from words. */
export function formsOf(key: string | undefined): readonly string[] {
  if (key === undefined || key.length < KEY_CHARS_MIN) return [];
  const base64 = Buffer.from(key).toString("base64").replace(/=+$/, "");
  const forms = [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), base64];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** What a provider says goes into jobs, events and logs, so it is short (weaknesses C11). */
const EXCERPT_CHARS = 500;

/** The start of a text for a message: at most 500 characters, none of them a control character. */
export function excerpt(text: string): string {
  const chars = Array.from(text.slice(0, EXCERPT_CHARS * 2)).slice(0, EXCERPT_CHARS);
  const cut = chars.join("").length < text.length ? "…" : "";
  return `${chars.join("").replaceAll(/\p{Cc}+/gu, " ")}${cut}`;
}
