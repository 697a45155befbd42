import type { FaultAnswer, JsonSchema } from "coop-client";
import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../../kit/button.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import type { Words } from "../../manifest/complete.ts";
import { faultText } from "../../manifest/fault-text.ts";
import { readValues, valueAt } from "../../manifest/manifest-document.ts";
import type { Path } from "../../manifest/schema.ts";
import { type FormSection, isMeant, toSections } from "./form-layout.ts";
import { SchemaField } from "./schema-field.tsx";

/** The manifest as a form: every field is a place in the text, and the text alone is what counts. */
export function ManifestForm(props: {
  readonly text: string;
  readonly schema: JsonSchema;
  readonly faults: readonly FaultAnswer[];
  readonly words: Words;
  readonly onValue: (path: Path, value: unknown) => void;
  readonly onAnotherName: () => void;
}) {
  const { text, schema, faults, words, onValue, onAnotherName } = props;
  const sections = useMemo(() => toSections(schema), [schema]);
  const { values, fault } = useMemo(() => readValues(text), [text]);
  const last = useRef<unknown>(values);
  if (values !== undefined) last.current = values;
  const problems = useMemo(() => new Map(faults.map((one) => [one.path, toSeenText(faultText(one))])), [faults]);
  const shared = { onValue, words, problemAt: (path: string) => problems.get(path) };
  return (
    <form class="raise-form" onSubmit={(event) => event.preventDefault()}>
      {fault !== undefined && (
        <p class="problem" role="alert">
          Line {fault.line} of the text cannot be read: {toSeenText(fault.message)}. The form waits until it can.
        </p>
      )}
      <fieldset disabled={values === undefined}>
        <legend class="visually-hidden">The hen</legend>
        {sections.map((section) => (
          <Section
            key={section.title}
            section={section}
            isWrong={section.fields.some(({ path }) => faults.some((one) => one.path.startsWith(path.join("."))))}
          >
            {section.fields
              .filter(({ path }) => isMeant(path, (at) => valueAt(last.current, at)))
              .flatMap(({ path, schema: of, isRequired }) => [
                <SchemaField
                  key={path.join(".")}
                  {...shared}
                  path={path}
                  schema={of}
                  value={valueAt(last.current, path)}
                  isRequired={isRequired}
                />,
                path[0] === "name" ? <AnotherName key="another" onPress={onAnotherName} /> : null,
              ])}
          </Section>
        ))}
      </fieldset>
    </form>
  );
}

function AnotherName({ onPress }: { readonly onPress: () => void }) {
  return (
    <p class="another-name">
      <Button isSmall onClick={onPress}>
        Another name
      </Button>
    </p>
  );
}

function Section(props: {
  readonly section: FormSection;
  readonly isWrong: boolean;
  readonly children: ComponentChildren;
}) {
  const { section, children, isWrong } = props;
  const [isOpen, setOpen] = useState(false);
  if (section.isFolded) {
    const isShown = isOpen || isWrong; // what is wrong is not hidden
    return (
      <details class="raise-section" open={isShown} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{section.title}</summary>
        {isShown && <div class="raise-fields">{children}</div>}
      </details>
    );
  }
  return (
    <section class="raise-section">
      <h2>{section.title}</h2>
      <div class="raise-fields">{children}</div>
    </section>
  );
}
