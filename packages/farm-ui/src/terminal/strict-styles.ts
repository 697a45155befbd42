/**
 * xterm.js (6.0.0) writes `<style>` elements and, for a cell's own colours, `style` attributes, which our Content-Security-Policy
 * (control D8) refuses as inline. Style sheets and style objects of script are not inline: what it writes is led there, so that the
 * policy stays as it is.
 */

/** Runs `open`, in which xterm makes all its `<style>` elements: each becomes a style sheet of the document. */
export function withSheets(open: () => void): void {
  leadAttributes();
  document.createElement = ((tag: string) =>
    tag === "style" ? createSheetElement() : Document.prototype.createElement.call(document, tag)) as never;
  try {
    open();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}

/** A stand-in for `<style>`: what is written into it is a style sheet of the document, until it is removed. */
function createSheetElement(): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const element = Document.prototype.createElement.call(document, "span");
  element.hidden = true;
  Object.defineProperty(element, "textContent", {
    get: () => "",
    set: (text: string) => sheet.replaceSync(text),
  });
  Object.defineProperty(element, "remove", {
    value() {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      Element.prototype.remove.call(element);
    },
  });
  return element;
}

/** `setAttribute("style", …)` of spans, which are its cells, sets their style object: what it would do without a policy. */
function leadAttributes(): void {
  HTMLSpanElement.prototype.setAttribute = function setAttribute(this: HTMLSpanElement, name: string, value: string) {
    if (name === "style") this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
}
