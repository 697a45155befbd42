import type { FaultAnswer } from "coop-client";
import { parseScriptRef } from "coopd-core";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { place, setQuery } from "../../app/router.ts";
import { isLoaded } from "../../data/farm-state.ts";
import { onceKey } from "../../data/once-key.ts";
import { Button } from "../../kit/button.tsx";
import { confirm } from "../../kit/confirm.tsx";
import { SelectField } from "../../kit/field.tsx";
import { Tabs } from "../../kit/tabs.tsx";
import { tell } from "../../kit/toast.tsx";
import { withValue } from "../../manifest/manifest-document.ts";
import { ProblemList } from "../../manifest/problem-list.tsx";
import { type Path, pathText } from "../../manifest/schema.ts";
import { useManifestCheck, useManifestSchema } from "../../manifest/use-manifest-check.ts";
import { useManifestWords } from "../../manifest/use-manifest-words.ts";
import { type EditorReach, YamlEditor } from "../../manifest/yaml-editor.tsx";
import { AttachFile } from "./attach-file.tsx";
import { HatchProgress } from "./hatch-progress.tsx";
import { pickName } from "./hen-names.ts";
import { ManifestForm } from "./manifest-form.tsx";
import { raise, raising } from "./raising.ts";
import { keepText, keptText, startText, takenNames } from "./start-text.ts";
import { TEMPLATES, templateOf } from "./templates.ts";
import { useIsNarrow } from "./use-is-narrow.ts";

/** Raises a hen: a form and its text side by side, which are one thing; then it is laid and hatched. */
export function RaisePage() {
  useEffect(() => () => void settle(), []);
  if (!isLoaded.value) return <p class="loading">Warming the nest…</p>;
  if (raising.value !== undefined) return <HatchProgress at={raising.value} />;
  return <RaiseDesk />;
}

/** A hen that is raised is forgotten here when the page is left; one that hatches just now is not. */
function settle(): void {
  const { step } = raising.peek() ?? {};
  if (step === "awake" || step === "laid") raising.value = undefined;
}

function RaiseDesk() {
  const heirOf = place.value.query.get("inherit");
  const template = templateOf(place.value.query.get("template"));
  const [text, setTextState] = useState(() => keptText() ?? startText(template, heirOf));
  const [files, setFiles] = useState<Readonly<Record<string, string>>>(template?.files ?? {});
  const check = useManifestCheck(text);
  const setText = (next: string) => {
    keepText(next);
    setTextState(next);
  };
  const begin = async (name: string) => {
    if (keptText() !== undefined && !(await askAnew())) return;
    const chosen = templateOf(name);
    keepText(undefined);
    setQuery("template", name);
    setFiles(chosen?.files ?? {});
    setTextState(startText(chosen, heirOf));
  };
  return (
    <>
      <section class="panel raise-head">
        <div>
          <h1>Raise a hen</h1>
          <p class="muted">
            {template?.says ?? "Fill in the form or write the text: what you change in one is changed in the other."}
          </p>
        </div>
        <SelectField
          label="Begin with"
          value={template?.name ?? ""}
          options={[["", "a simple hen"], ...TEMPLATES.map(({ name }) => [name, name] as const)]}
          onChange={(name) => void begin(name)}
        />
      </section>
      <Desk text={text} setText={setText} check={check} />
      <RaiseFoot
        text={text}
        check={check}
        files={files}
        onFile={(name, file) => setFiles({ ...files, [name]: file })}
      />
    </>
  );
}

function askAnew(): Promise<boolean> {
  return confirm({
    title: "Begin anew?",
    text: "What you have written here is thrown away.",
    yes: "Begin anew",
    isDangerous: true,
  });
}

interface DeskProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly check: ReturnType<typeof useManifestCheck>;
}

function Desk({ text, setText, check }: DeskProps) {
  const schema = useManifestSchema();
  const words = useManifestWords();
  const reach = useRef<EditorReach>(null);
  const order = useMemo(() => Object.keys((schema?.properties as object | undefined) ?? {}), [schema]);
  const change = (path: Path, value: unknown) => changeText(text, path, value, order, setText);
  const goTo = ({ line, column }: FaultAnswer) => {
    setQuery("side", "text");
    requestAnimationFrame(() => reach.current?.goTo(line, column));
  };
  const form =
    schema === undefined ? (
      <p class="loading">Fetching the form…</p>
    ) : (
      <ManifestForm
        text={text}
        schema={schema}
        faults={check.faults}
        words={words}
        onValue={change}
        onAnotherName={() => change(["name"], pickName(takenNames()))}
      />
    );
  const editor = (
    <div class="raise-text stack">
      <YamlEditor
        label="agent.yaml of the new hen"
        text={text}
        onText={setText}
        faults={check.faults}
        warnings={check.warnings}
        schema={schema}
        words={words}
        reach={reach}
      />
      <ProblemList check={check} onGoTo={goTo} />
    </div>
  );
  return <Sides form={form} editor={editor} faults={check.faults.length} />;
}

/** Changes one place of the text; where the form cannot, it says so. */
function changeText(
  text: string,
  path: Path,
  value: unknown,
  order: readonly string[],
  setText: (text: string) => void,
): void {
  const next = withValue(text, path, value, order);
  if (next !== undefined) {
    setText(next);
    return;
  }
  const what = `${pathText(path)} stands in the text in a way that the form cannot change`;
  tell({ kind: "trouble", text: what, next: "Change it in the text: an alias (*name) stands there, or above it." });
}

/** Side by side, or, where only one has room, one behind the other. */
function Sides(props: {
  readonly form: ComponentChildren;
  readonly editor: ComponentChildren;
  readonly faults: number;
}) {
  const { form, editor, faults } = props;
  const isNarrow = useIsNarrow();
  const side = place.value.query.get("side") === "text" ? "text" : "form";
  if (!isNarrow) {
    return (
      <div class="raise-desk">
        <section class="panel" aria-label="Form">
          {form}
        </section>
        <section class="panel" aria-label="agent.yaml">
          {editor}
        </section>
      </div>
    );
  }
  return (
    <section class="panel">
      <Tabs
        label="Form or text"
        tabs={[
          { key: "form", title: "Form" },
          { key: "text", title: "agent.yaml", count: faults === 0 ? undefined : faults },
        ]}
        open={side}
        onOpen={(key) => setQuery("side", key === "form" ? undefined : key)}
      >
        {side === "form" ? form : editor}
      </Tabs>
    </section>
  );
}

function RaiseFoot(props: {
  readonly text: string;
  readonly check: DeskProps["check"];
  readonly files: Readonly<Record<string, string>>;
  readonly onFile: (name: string, text: string) => void;
}) {
  const { text, check, files, onFile } = props;
  const key = useMemo(onceKey, [text]);
  const { manifest } = check;
  const wanted = useMemo(() => filesOf(check), [manifest]);
  const missing = wanted.filter((name) => files[name] === undefined);
  const isReady = check.state === "checked" && check.faults.length === 0 && missing.length === 0;
  const go = async (isToHatch: boolean) => {
    const sent = Object.fromEntries(wanted.map((name) => [name, files[name] ?? ""]));
    await raise({ name: manifest?.name ?? "it", text, files: sent, onceKey: key, isToHatch });
    if (raising.peek()?.id !== undefined) keepText(undefined);
  };
  return (
    <section class="panel raise-foot">
      <div class="stack">
        {wanted.map((name) => (
          <AttachFile
            key={name}
            name={name}
            isThere={files[name] !== undefined}
            onFile={(file) => onFile(name, file)}
          />
        ))}
        <p class="muted">{footText(check, missing.length)}</p>
      </div>
      <div class="row">
        <Button disabled={!isReady} onClick={() => go(false)}>
          Only lay the egg
        </Button>
        <Button tone="main" disabled={!isReady} onClick={() => go(true)}>
          Raise it
        </Button>
      </div>
    </section>
  );
}

function footText({ state, faults }: DeskProps["check"], missing: number): string {
  if (faults.length > 0) return "It can be raised when nothing is wrong with it any more.";
  if (missing > 0) return "It names a file, which goes along with it.";
  if (state !== "checked") return "…";
  return "Raising lays the egg and hatches it; it then waits for its first job.";
}

/** Files beside the manifest that its brain is. */
function filesOf({ manifest }: DeskProps["check"]): readonly string[] {
  if (manifest === undefined || manifest.agent_kind !== "anthropic") return [];
  const links = [manifest.brain, ...manifest.brain.fallbacks].filter(({ provider }) => provider === "script");
  const paths = links.flatMap(({ model }) => {
    const ref = parseScriptRef(model);
    return ref.kind === "file" ? [ref.path] : [];
  });
  return [...new Set(paths)];
}
