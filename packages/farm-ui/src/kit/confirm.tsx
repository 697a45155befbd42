import { signal } from "@preact/signals";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

/** A question before something that cannot be taken back. */
export interface Question {
  readonly title: string;
  /** What happens, and what is kept. */
  readonly text: string;
  /** On the button that does it. */
  readonly yes: string;
  readonly isDangerous?: boolean;
}

const asked = signal<{ readonly question: Question; readonly answer: (isSure: boolean) => void } | undefined>(
  undefined,
);

/** Asks; one question at a time, another one answers the first with no. */
export function confirm(question: Question): Promise<boolean> {
  asked.peek()?.answer(false);
  return new Promise((resolve) => {
    asked.value = {
      question,
      answer: (isSure) => {
        asked.value = undefined;
        resolve(isSure);
      },
    };
  });
}

/** Where questions appear; the shell has one. */
export function DialogHost() {
  if (asked.value === undefined) return null;
  const { question, answer } = asked.value;
  return (
    <Dialog title={question.title} onClose={() => answer(false)}>
      <p>{question.text}</p>
      <div class="row row-end">
        <Button onClick={() => answer(false)}>Leave it</Button>
        <Button tone={question.isDangerous === true ? "danger" : "main"} onClick={() => answer(true)}>
          {question.yes}
        </Button>
      </div>
    </Dialog>
  );
}
