import type { JsonSchema } from "coop-client";
import { useEffect, useId, useState } from "preact/hooks";
import { Button } from "../../kit/button.tsx";
import { meaningOf, type Path, pathText, propertiesOf, unwrap, wordsOf } from "../../manifest/schema.ts";
import { type FieldKind, fromTyped, kindOfField, toTyped } from "./field-values.ts";
import { labelOf } from "./form-layout.ts";

/** One value of the manifest in a form. */
export interface SchemaFieldProps {
  readonly path: Path;
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly isRequired: boolean;
  readonly onValue: (path: Path, value: unknown) => void;
  /** What is wrong at a path, in words. */
  readonly problemAt: (path: string) => string | undefined;
  /** Words that the schema cannot know, by path. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

/** The field that suits the schema, with what the schema says of it and what the farm says is wrong with it. */
export function SchemaField(props: SchemaFieldProps) {
  const kind = kindOfField(props.schema);
  if (kind === "rows") return <RowsField {...props} />;
  if (kind === "choices") return <ChoicesField {...props} />;
  if (kind === "yes") return <YesField {...props} />;
  if (kind === "choice") return <ChoiceField {...props} />;
  return <TypedField {...props} kind={kind} />;
}

function useTold({ schema, path, problemAt }: SchemaFieldProps) {
  const id = useId();
  const problem = problemAt(pathText(path));
  const text = problem ?? meaningOf(schema);
  const told = text === "" ? undefined : `${id}-told`;
  return {
    id,
    attributes: { "aria-invalid": problem !== undefined, "aria-describedby": told },
    note: told !== undefined && (
      <p id={told} class={problem === undefined ? "hint" : "problem"}>
        {text}
      </p>
    ),
  };
}

/** What is typed stays as it is typed while it means the value that the text has; another value from there takes its place. */
function TypedField(props: SchemaFieldProps & { readonly kind: FieldKind }) {
  const { kind, path, value, isRequired, onValue, words } = props;
  const { id, attributes, note } = useTold(props);
  const [typed, setTyped] = useState(() => toTyped(kind, value));
  useEffect(() => {
    const isMine = JSON.stringify(fromTyped(kind, typed, isRequired)) === JSON.stringify(value ?? undefined);
    if (!isMine) setTyped(toTyped(kind, value));
  }, [JSON.stringify(value)]);
  const type = (text: string) => {
    setTyped(text);
    onValue(path, fromTyped(kind, text, isRequired));
  };
  const known = words[pathText(path).replace(/\[\d+\]/g, ".[]")] ?? [];
  const isLong = kind === "prose" || kind === "words";
  const shared = { ...attributes, id, value: typed, spellcheck: kind === "prose", placeholder: toPlaceholder(props) };
  return (
    <div class={kind === "prose" ? "field is-wide" : "field"}>
      <label for={id}>{labelOf(path)}</label>
      {isLong ? (
        <textarea {...shared} rows={kind === "prose" ? 4 : 2} onInput={(event) => type(event.currentTarget.value)} />
      ) : (
        <input
          {...shared}
          inputMode={kind === "number" ? "decimal" : undefined}
          list={known.length === 0 ? undefined : `${id}-known`}
          autocomplete="off"
          onInput={(event) => type(event.currentTarget.value)}
        />
      )}
      {known.length > 0 && (
        <datalist id={`${id}-known`}>
          {known.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
      {kind === "words" && <p class="hint">One in each line.</p>}
      {note}
    </div>
  );
}

function toPlaceholder({ schema }: SchemaFieldProps): string | undefined {
  const { default: usual } = schema;
  return typeof usual === "number" || (typeof usual === "string" && usual !== "") ? String(usual) : undefined;
}

function ChoiceField(props: SchemaFieldProps) {
  const { path, schema, value, isRequired, onValue } = props;
  const { id, attributes, note } = useTold(props);
  const words = wordsOf(schema) ?? [];
  const usual = typeof schema.default === "string" ? schema.default : undefined;
  const written = value === undefined || value === null ? "" : String(value);
  const isKnown = written === "" || words.includes(written);
  return (
    <div class="field">
      <label for={id}>{labelOf(path)}</label>
      <select
        {...attributes}
        id={id}
        value={written}
        onChange={(event) => onValue(path, event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
      >
        {(!isRequired || written === "") && (
          <option value="">{usual === undefined ? "not said" : `${usual} (usual)`}</option>
        )}
        {!isKnown && <option value={written}>{written}</option>}
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
      {note}
    </div>
  );
}

function YesField(props: SchemaFieldProps) {
  const { path, schema, value, onValue } = props;
  const { id, attributes, note } = useTold(props);
  const isUsual = schema.default === true;
  const isOn = typeof value === "boolean" ? value : isUsual;
  return (
    <div class="field">
      <span class="check">
        <input
          {...attributes}
          id={id}
          type="checkbox"
          checked={isOn}
          onChange={(event) => onValue(path, event.currentTarget.checked === isUsual ? undefined : !isUsual)}
        />
        <label for={id}>{labelOf(path)}</label>
      </span>
      {note}
    </div>
  );
}

function ChoicesField(props: SchemaFieldProps) {
  const { path, schema, value, onValue } = props;
  const { id, attributes, note } = useTold(props);
  const words = wordsOf((unwrap(schema).items ?? {}) as JsonSchema) ?? [];
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const row = path.findLast((step) => typeof step === "number");
  const all = [...words, ...chosen.filter((word) => !words.includes(word))];
  const toggle = (word: string) => {
    const next = chosen.includes(word) ? chosen.filter((one) => one !== word) : [...chosen, word];
    onValue(path, next.length === 0 ? undefined : next);
  };
  return (
    <fieldset class="field is-wide" aria-describedby={attributes["aria-describedby"]}>
      <legend>
        {labelOf(path)}
        {row !== undefined && <span class="visually-hidden"> of number {row + 1}</span>}
      </legend>
      <div class="checks">
        {all.map((word) => (
          <span class="check" key={word}>
            <input id={`${id}-${word}`} type="checkbox" checked={chosen.includes(word)} onChange={() => toggle(word)} />
            <label for={`${id}-${word}`}>{word}</label>
          </span>
        ))}
      </div>
      {note}
    </fieldset>
  );
}

function RowsField(props: SchemaFieldProps) {
  const { path, schema, value, onValue, problemAt, words } = props;
  const { note } = useTold(props);
  const item = unwrap((unwrap(schema).items ?? {}) as JsonSchema);
  const rows = Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
  const required = Array.isArray(item.required) ? (item.required as readonly string[]) : [];
  const add = () => onValue(path, [...rows, Object.fromEntries(required.map((key) => [key, ""]))]);
  const take = (at: number) => {
    const next = rows.filter((_, index) => index !== at);
    onValue(path, next.length === 0 ? undefined : next);
  };
  return (
    <fieldset class="field is-wide rows-field">
      <legend>{labelOf(path)}</legend>
      {rows.map((row, at) => (
        <div class="rows-row" key={at}>
          {Object.entries(propertiesOf(item)).map(([key, of]) => (
            <SchemaField
              key={key}
              path={[...path, at, key]}
              schema={of}
              value={row?.[key]}
              isRequired={required.includes(key)}
              onValue={onValue}
              problemAt={problemAt}
              words={words}
            />
          ))}
          <Button isSmall onClick={() => take(at)} label={`Take away number ${at + 1} of ${labelOf(path)}`}>
            Take away
          </Button>
        </div>
      ))}
      <p>
        <Button isSmall onClick={add}>
          Add one
        </Button>
      </p>
      {note}
    </fieldset>
  );
}
