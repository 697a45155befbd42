/** What some of several are chosen by. */
export interface ChipsProps {
  readonly label: string;
  readonly options: readonly (readonly [key: string, title: string])[];
  readonly chosen: readonly string[];
  /** Those that are chosen now, in their order; none when all are, which filters nothing. */
  readonly onChange: (chosen: readonly string[]) => void;
}

/** A row of words, each pressed or not. */
export function Chips({ label, options, chosen, onChange }: ChipsProps) {
  const toggle = (key: string) => {
    const next = options.map(([it]) => it).filter((it) => (it === key) !== chosen.includes(it));
    onChange(next.length === options.length ? [] : next);
  };
  return (
    <fieldset class="chips">
      <legend class="visually-hidden">{label}</legend>
      {options.map(([key, title]) => (
        <button type="button" class="chip" key={key} aria-pressed={chosen.includes(key)} onClick={() => toggle(key)}>
          {title}
        </button>
      ))}
    </fieldset>
  );
}
