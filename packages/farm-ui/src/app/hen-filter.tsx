import { hens } from "../data/farm-state.ts";
import { SelectField } from "../kit/field.tsx";
import { shortName } from "./addresses.ts";

/** Chooses whose rows a list shows; undefined, and an empty choice, is every hen. One that is gone can still be chosen. */
export function HenFilter(props: { readonly hen: string | undefined; readonly onChange: (id: string) => void }) {
  const { hen, onChange } = props;
  const names = [...hens.value.keys()].sort();
  const known = hen === undefined || names.includes(hen) ? names : [hen, ...names];
  return (
    <SelectField
      label="Hen"
      isLabelHidden
      value={hen ?? ""}
      options={[["", "every hen"], ...known.map((id) => [id, shortName(id)] as const)]}
      onChange={onChange}
    />
  );
}
