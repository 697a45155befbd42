import type { FaultAnswer, JsonSchema } from "coop-client";
import type { Ref, RefObject } from "preact";
import { type MutableRef, useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { ErrorNote } from "../kit/error-note.tsx";
import { PlainText } from "../kit/plain-text.tsx";
import type { Words } from "./complete.ts";
import type { EditorHandle } from "./yaml-editor-view.ts";

/** What a page can ask of an editor that it shows. */
export interface EditorReach {
  /** Puts the cursor there, counted from 1. */
  goTo(line: number, column: number): void;
}

const NO_FAULTS: readonly FaultAnswer[] = [];
const NO_WORDS: Words = {};

/** What an editor shows and tells. */
export interface YamlEditorProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly faults?: readonly FaultAnswer[] | undefined;
  readonly warnings?: readonly FaultAnswer[] | undefined;
  readonly schema?: JsonSchema | undefined;
  readonly words?: Words | undefined;
  readonly isReadOnly?: boolean | undefined;
  readonly reach?: Ref<EditorReach>;
}

/**
 * agent.yaml in an editor that knows the schema. The text is the caller's: what is typed is told by `onText`, and another `text` is put
 * there as the least change. The editor itself is loaded when it is first shown.
 */
export function YamlEditor(props: YamlEditorProps) {
  const { text, faults = NO_FAULTS, warnings = NO_FAULTS, isReadOnly = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const told = useRef<string[]>([]); // texts that were told and have not come back as ours yet
  const { handle, failure } = useHandle(props, host, told);
  useEffect(() => {
    // What comes back of what was typed is older than what has been typed since: it must not be put there again.
    const at = told.current.lastIndexOf(text);
    if (at < 0) handle?.setText(text);
    told.current = at < 0 ? [] : told.current.slice(at + 1);
  }, [handle, text]);
  useEffect(() => handle?.setProblems(faults, warnings), [handle, faults, warnings]);
  useEffect(() => handle?.setReadOnly(isReadOnly), [handle, isReadOnly]);
  useImperativeHandle(props.reach ?? null, () => ({ goTo: (line, column) => handle?.goTo(line, column) }), [handle]);
  return (
    <div class="yaml-editor">
      {failure !== undefined && (
        <ErrorNote error={failure} title="The editor did not arrive" kept="The text below is what you had." />
      )}
      {handle === undefined && (
        <pre class="yaml-waiting">
          <PlainText text={text} />
        </pre>
      )}
      <div class="yaml-host" ref={host} hidden={handle === undefined} />
    </div>
  );
}

/** Loads the editor and opens it in `host`; what it is told later it takes from the newest props. */
function useHandle(props: YamlEditorProps, host: RefObject<HTMLDivElement>, told: MutableRef<string[]>) {
  const latest = useRef(props);
  latest.current = props;
  const [handle, setHandle] = useState<EditorHandle>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let isGone = false;
    let opened: EditorHandle | undefined;
    import("./yaml-editor-view.ts").then(
      ({ openEditor }) => {
        if (isGone || host.current === null) return;
        opened = openEditor(host.current, {
          label: latest.current.label,
          text: latest.current.text,
          isReadOnly: latest.current.isReadOnly ?? false,
          onText: (next) => {
            told.current.push(next);
            latest.current.onText(next);
          },
          schema: () => latest.current.schema,
          words: () => latest.current.words ?? NO_WORDS,
        });
        setHandle(opened);
      },
      (error: unknown) => setFailure(error),
    );
    return () => {
      isGone = true;
      opened?.close();
    };
  }, []);
  return { handle, failure };
}
