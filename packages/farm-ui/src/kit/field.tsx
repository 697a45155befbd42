import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** A labelled field. */
export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "password" | "search" | "number" | undefined;
  readonly hint?: ComponentChildren;
  /** What is wrong with it; it is read out. */
  readonly problem?: string | undefined;
  readonly placeholder?: string | undefined;
  /** More lines than one. */
  readonly rows?: number | undefined;
  readonly required?: boolean | undefined;
  readonly autocomplete?: string | undefined;
  /** The label is there for screen readers alone. */
  readonly isLabelHidden?: boolean | undefined;
  /** Gets the focus when it appears: for windows that were asked for. */
  readonly hasFocus?: boolean | undefined;
}

/** A label, an input or a text area, a hint, and what is wrong. */
export function Field(props: FieldProps) {
  const { label, value, onInput, type = "text", hint, problem, placeholder, rows, required, autocomplete } = props;
  const id = useId();
  const ref = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (props.hasFocus === true) ref.current?.focus();
  }, []);
  const shared = {
    id,
    ref,
    value,
    placeholder,
    required,
    autofocus: props.hasFocus === true,
    "aria-label": props.isLabelHidden === true ? label : undefined,
    "aria-invalid": problem !== undefined,
    "aria-describedby": hint === undefined && problem === undefined ? undefined : `${id}-told`,
    onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
  };
  return (
    <div class="field">
      {props.isLabelHidden !== true && <label for={id}>{label}</label>}
      {rows === undefined ? (
        <input {...shared} type={type} autocomplete={autocomplete ?? "off"} spellcheck={false} />
      ) : (
        <textarea {...shared} rows={rows} spellcheck={false} />
      )}
      {(hint !== undefined || problem !== undefined) && (
        <p id={`${id}-told`} class={problem === undefined ? "hint" : "problem"}>
          {problem ?? hint}
        </p>
      )}
    </div>
  );
}

/** A labelled choice of few. */
export function SelectField({
  label,
  value,
  options,
  onChange,
  isLabelHidden,
}: {
  readonly label: string;
  readonly value: string;
  /** Value and text of each. */
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
  readonly isLabelHidden?: boolean;
}) {
  const id = useId();
  return (
    <div class="field">
      {isLabelHidden !== true && <label for={id}>{label}</label>}
      <select
        id={id}
        value={value}
        aria-label={isLabelHidden === true ? label : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
