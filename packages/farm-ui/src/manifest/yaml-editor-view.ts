import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, type Extension, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { FaultAnswer, JsonSchema } from "coop-client";
import { completeManifest, type Words } from "./complete.ts";
import { faultText } from "./fault-text.ts";

/** What the editor is told. */
export interface EditorParts {
  readonly label: string;
  readonly text: string;
  readonly isReadOnly: boolean;
  /** What was typed, or undone; not what {@link EditorHandle.setText} put there. */
  readonly onText: (text: string) => void;
  readonly schema: () => JsonSchema | undefined;
  readonly words: () => Words;
}

/** An editor that is open. Whoever opens it closes it. */
export interface EditorHandle {
  /** Puts another text there, as the least change, so that cursor and undo stay. */
  setText(text: string): void;
  setProblems(faults: readonly FaultAnswer[], warnings: readonly FaultAnswer[]): void;
  setReadOnly(isReadOnly: boolean): void;
  /** Puts the cursor there, counted from 1, and the focus. */
  goTo(line: number, column: number): void;
  close(): void;
}

const fromOutside = Annotation.define<boolean>();

/**
 * Opens CodeMirror inside a shadow root: there it brings its rules as constructed style sheets, which `style-src 'self'` lets be,
 * where in the document itself it would need inline ones. The tab key leaves the field, as everywhere on the page.
 */
export function openEditor(host: HTMLElement, parts: EditorParts): EditorHandle {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const access = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: parts.text,
      extensions: [
        basics(),
        access.of(EditorState.readOnly.of(parts.isReadOnly)),
        EditorView.contentAttributes.of({ "aria-label": parts.label }),
        autocompletion({
          icons: false,
          override: [
            (context) => {
              const schema = parts.schema();
              return schema === undefined ? null : completeManifest(context, schema, parts.words());
            },
          ],
        }),
        EditorView.updateListener.of((update) => {
          const isTyped = update.transactions.some((one) => one.docChanged && one.annotation(fromOutside) !== true);
          if (isTyped) parts.onText(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText: (text) => putText(view, text),
    setProblems: (faults, warnings) =>
      view.dispatch(
        setDiagnostics(view.state, [
          ...faults.map((fault) => toDiagnostic(view.state.doc, fault, "error")),
          ...warnings.map((fault) => toDiagnostic(view.state.doc, fault, "warning")),
        ]),
      ),
    setReadOnly: (isReadOnly) => view.dispatch({ effects: access.reconfigure(EditorState.readOnly.of(isReadOnly)) }),
    goTo(line, column) {
      const at = offsetOf(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

function basics(): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    highlightActiveLine(),
    highlightSpecialChars({ addSpecialChars: /[\u2060-\u2064\u206a-\u206f\u{e0000}-\u{e007f}]/gu }),
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    yaml(),
    syntaxHighlighting(COLOURS),
    LOOK,
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
    ]),
  ];
}

function putText(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  if (before === text) return;
  let from = 0;
  const shorter = Math.min(before.length, text.length);
  while (from < shorter && before[from] === text[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  view.dispatch({
    changes: { from, to: before.length - tail, insert: text.slice(from, text.length - tail) },
    annotations: fromOutside.of(true),
  });
}

/** From there to the end of what stands there. */
function toDiagnostic(doc: Text, fault: FaultAnswer, severity: "error" | "warning"): Diagnostic {
  const from = offsetOf(doc, fault.line, fault.column);
  const line = doc.lineAt(from);
  const word = /^[^\s,#\]}]+/.exec(line.text.slice(from - line.from))?.[0] ?? "";
  return {
    from,
    to: from + word.length,
    severity,
    message: `${fault.path === "" ? "" : `${fault.path}: `}${faultText(fault)}`,
  };
}

function offsetOf(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(at.from + Math.max(0, column - 1), at.to);
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--link)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.meta, tags.labelName, tags.typeName], color: "var(--away)" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--muted)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--raised)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "0" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--busy-soft) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--focus) 28%, transparent)",
  },
  ".cm-specialChar": { color: "var(--bad)", background: "var(--bad-soft)", borderRadius: "0.2em" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--round-small)",
    boxShadow: "var(--shadow)",
    maxWidth: "min(28rem, 90vw)",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-code)", fontSize: "0.8125rem" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.6rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--muted)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionInfo": { padding: "0.4rem 0.6rem", fontFamily: "var(--font)", fontSize: "0.8125rem" },
  ".cm-diagnostic": { padding: "0.3rem 0.6rem", fontFamily: "var(--font)" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--busy)" },
});
