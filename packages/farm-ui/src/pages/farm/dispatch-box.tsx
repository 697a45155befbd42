import { signal } from "@preact/signals";
import { useId, useRef, useState } from "preact/hooks";
import { jobHref, shortName } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import { act } from "../../data/act.ts";
import { keep, readKept } from "../../data/browser-store.ts";
import { client } from "../../data/client.ts";
import { hens } from "../../data/farm-state.ts";
import { onceKey } from "../../data/once-key.ts";
import { Button } from "../../kit/button.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { tell } from "../../kit/toast.tsx";

const DRAFT_KEY = "coop-draft";

/** What is being written; it outlives a reload. */
const draft = signal(readKept(DRAFT_KEY, "tab") ?? "");

function setDraft(text: string): void {
  draft.value = text;
  keep(DRAFT_KEY, text, "tab");
}

/** Puts `@hen ` before what is being written and goes there. */
export function addressTo(henId: string): void {
  setDraft(`@${shortName(henId)} ${draft.peek().replace(/^@\S*\s*/, "")}`);
  document.getElementById("dispatch-text")?.focus();
}

/** `@name the rest`: for whom it is, and what; no name means any hen that fits. */
export function readDraft(text: string): { readonly name: string | undefined; readonly prompt: string } {
  const match = /^@(\S+)(?:\s+|$)/.exec(text);
  return match === null
    ? { name: undefined, prompt: text.trim() }
    : { name: match[1], prompt: text.slice(match[0].length).trim() };
}

/** Gives work: `@hen prompt…` to that hen, without `@` to any command-line hen that fits. */
export function DispatchBox() {
  const { name, prompt } = readDraft(draft.value);
  const target = name === undefined ? undefined : findHen(name);
  const isUnknown = name !== undefined && target === undefined;
  const problem = isUnknown && offersFor(draft.value).length === 0 ? `there is no hen ${toSeenText(name)}` : undefined;
  return (
    <form
      class="dispatch"
      aria-label="Give work"
      onSubmit={(event) => {
        event.preventDefault();
        void dispatch();
      }}
    >
      <DraftField />
      <Button tone="main" isSubmit disabled={prompt === "" || isUnknown}>
        Send
      </Button>
      <p class={problem === undefined ? "dispatch-hint muted" : "dispatch-hint problem"}>
        {problem ?? hintFor(name, target)}
      </p>
    </form>
  );
}

function DraftField() {
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [at, setAt] = useState(0);
  const offers = offersFor(draft.value);
  useKeys([{ keys: "d", does: "give work", group: "Farm", run: () => input.current?.focus() }]);
  const take = (offer: string) => {
    setDraft(`@${offer} `);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      void dispatch();
    } else if (event.key === "Escape") {
      event.preventDefault(); // it leaves the field, and no more
      input.current?.blur();
    } else if (offers.length > 0) handleOffers(event, offers, at, setAt, take);
  };
  return (
    <div>
      {offers.length > 0 && <Offers id={id} offers={offers} at={at} onTake={take} />}
      <label for="dispatch-text" class="visually-hidden">
        Work: @hen and what it shall do; without @ it is a task for any command-line hen that fits
      </label>
      <textarea
        id="dispatch-text"
        ref={input}
        class="bare"
        rows={draft.value.includes("\n") || draft.value.length > 90 ? 4 : 1}
        value={draft.value}
        placeholder="@hen what it shall do…"
        aria-autocomplete="list"
        aria-controls={offers.length > 0 ? `${id}-offers` : undefined}
        aria-activedescendant={offers.length > 0 ? `${id}-offer-${at}` : undefined}
        onInput={(event) => {
          setDraft(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
    </div>
  );
}

function hintFor(name: string | undefined, target: string | undefined): string {
  if (target !== undefined) return `Ctrl-Enter sends it to ${target}`;
  if (name !== undefined) return "Tab or Enter takes the marked hen";
  const isFit = [...hens.value.values()].some(({ manifest }) => manifest.agent_kind !== "anthropic");
  return isFit
    ? "@ names a hen; without it it becomes a task for any command-line hen that fits"
    : "@ names a hen; there is no command-line hen that could take a task without a name";
}

function findHen(name: string): string | undefined {
  return [...hens.value.keys()].find((id) => id === name || shortName(id) === name);
}

/** Offers at once; more names are found by typing on. */
const OFFERS_MAX = 6;

function offersFor(text: string): readonly string[] {
  const typed = /^@(\S*)$/.exec(text)?.[1];
  if (typed === undefined) return [];
  const names = [...hens.value.values()].filter(({ state }) => state !== "ARCHIVED").map(({ id }) => shortName(id));
  return names
    .filter((name) => name.startsWith(typed))
    .sort()
    .slice(0, OFFERS_MAX);
}

function handleOffers(
  event: KeyboardEvent,
  offers: readonly string[],
  at: number,
  setAt: (at: number) => void,
  take: (offer: string) => void,
): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const chosen = offers[at];
  if (step !== 0) setAt((at + step + offers.length) % offers.length);
  else if ((event.key === "Tab" || event.key === "Enter") && chosen !== undefined) take(chosen);
  else return;
  event.preventDefault();
}

function Offers({
  id,
  offers,
  at,
  onTake,
}: {
  readonly id: string;
  readonly offers: readonly string[];
  readonly at: number;
  readonly onTake: (offer: string) => void;
}) {
  return (
    <div class="offers" role="listbox" id={`${id}-offers`} aria-label="Hens">
      {offers.map((offer, n) => (
        <button
          key={offer}
          type="button"
          role="option"
          tabIndex={-1}
          id={`${id}-offer-${n}`}
          aria-selected={n === at}
          onClick={() => onTake(offer)}
        >
          @{toSeenText(offer)}
        </button>
      ))}
    </div>
  );
}

/** One press, one job: the same draft sent again, after an answer that was lost, makes nothing twice. */
let once: { readonly text: string; readonly key: string } | undefined;

async function dispatch(): Promise<void> {
  const text = draft.peek();
  const { name, prompt } = readDraft(text);
  const target = name === undefined ? undefined : findHen(name);
  if (prompt === "" || (name !== undefined && target === undefined)) return;
  if (once?.text !== text) once = { text, key: onceKey() };
  const { key: idempotencyKey } = once;
  const done = await act(async () => {
    if (target === undefined) await client.tasks.submit(prompt, null, { idempotencyKey });
    else await giveWork(target, prompt, idempotencyKey);
    return true;
  });
  if (done !== true) return; // the draft is kept
  once = undefined;
  if (draft.peek() === text) setDraft(target === undefined ? "" : `@${shortName(target)} `);
  if (target === undefined) tell({ kind: "done", text: "It waits for a hen that fits", href: "/tasks" });
}

/** A prompt for one hen: a job, or, for one that works in a terminal, typed there. */
export async function giveWork(henId: string, prompt: string, idempotencyKey: string): Promise<void> {
  if (hens.peek().get(henId)?.manifest.agent_kind === "anthropic") {
    const job = await client.jobs.submit(henId, prompt, { idempotencyKey });
    tell({ kind: "done", text: `${shortName(henId)} has it`, href: jobHref(job) });
  } else {
    await client.terminals.send(henId, { keys: prompt });
    tell({ kind: "done", text: `Typed into the terminal of ${shortName(henId)}` });
  }
}
