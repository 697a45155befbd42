/**
 * Puts a text into the clipboard. Pages from another machine without https have no clipboard API (it asks for a secure context); there
 * the older way is used. @throws Error when the browser lets neither
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!isDone) throw new Error("this browser lets no page copy here");
}
