import { signal } from "@preact/signals";
import type { AttentionItem } from "coopd-core";
import { useEffect, useRef } from "preact/hooks";
import { henHref, jobHref, peekHref, shortName } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { attention } from "../../data/farm-state.ts";
import { attentionChanged } from "../../data/refresh.ts";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { Icon } from "../../kit/icon.tsx";
import { IconButton } from "../../kit/icon-button.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { Time } from "../../kit/time.tsx";
import { type Answer, answersOf } from "./attention-answers.ts";

const KINDS: Readonly<Record<AttentionItem["kind"], readonly [string, string]>> = {
  job_failed: ["failed", "failed"],
  limit_hit: ["limit", "hit a limit"],
  hatch_refused: ["egg", "cannot hatch"],
  vault_needed: ["key", "needs a key"],
  walls_missing: ["walls", "needs walls"],
  egress_denied: ["out", "was kept in"],
  agent_waiting: ["question", "may be waiting"],
};

/** The thing that the number keys answer. */
const chosen = signal<string | undefined>(undefined);
/** Things whose evidence is shown. */
const opened = signal<ReadonlySet<string>>(new Set());

/** What needs a person: never folded, the newest first; each with its evidence and with the buttons that answer it. */
export function NeedsYou() {
  const items = attention.value;
  const current = items.find(({ id }) => id === chosen.value) ?? items[0];
  useCalmChoice(current);
  useNeedsKeys(items, current);
  return (
    <section class="panel needs" aria-labelledby="needs-title">
      <div class="spread">
        <h2 id="needs-title">Needs you {items.length > 0 && <span class="count count-bad">{items.length}</span>}</h2>
        {items.length > 0 && <p class="muted needs-hint">keys 1–9 answer the marked one, n the next, e its evidence</p>}
      </div>
      {items.length === 0 ? (
        <p class="muted">Nothing. The flock gets on by itself.</p>
      ) : (
        <ul class="needs-list">
          {items.map((item) => (
            <Need key={item.id} item={item} isChosen={item === current} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Keys rest for so long after the marked thing became another by itself, ms: a key that was meant for the one before must not answer it. */
const CALM_MS = 400;
let calmUntil = 0;

function useCalmChoice(current: AttentionItem | undefined): void {
  const last = useRef(current?.id);
  useEffect(() => {
    if (last.current !== current?.id && chosen.peek() !== current?.id) calmUntil = performance.now() + CALM_MS;
    last.current = current?.id;
    chosen.value = current?.id; // a newer thing above it does not take its place
  }, [current?.id]);
}

function useNeedsKeys(items: readonly AttentionItem[], current: AttentionItem | undefined): void {
  const group = "Needs you";
  const numbers = current === undefined ? [] : answersOf(current).slice(0, 9);
  useKeys(
    [
      ...numbers.map((answer, at) => ({
        keys: String(at + 1),
        does: answer.label,
        group,
        run: () => {
          if (performance.now() >= calmUntil && current !== undefined) void give(current, answer);
        },
      })),
      { keys: "n", does: "mark the next", group, run: () => mark(items, current, 1) },
      { keys: "p", does: "mark the one before", group, run: () => mark(items, current, -1) },
      { keys: "e", does: "show its evidence", group, run: () => current !== undefined && toggle(current.id) },
      { keys: "x", does: "wave it aside", group, run: () => current !== undefined && void waveAside(current) },
    ],
    [items, current?.id],
    items.length > 0,
  );
}

function mark(items: readonly AttentionItem[], current: AttentionItem | undefined, step: number): void {
  const at = items.findIndex(({ id }) => id === current?.id);
  chosen.value = items[(at + step + items.length) % items.length]?.id;
  document.querySelector(".need-chosen")?.scrollIntoView({ block: "nearest" });
}

function toggle(id: string): void {
  const next = new Set(opened.peek());
  if (!next.delete(id)) next.add(id);
  opened.value = next;
}

/** Does the answer; where only a terminal can, its command is shown. */
async function give(item: AttentionItem, answer: Answer): Promise<void> {
  if (answer.run !== undefined) await answer.run();
  else opened.value = new Set(opened.peek()).add(item.id);
}

async function waveAside(item: AttentionItem): Promise<void> {
  await act(() => client.attention.dismiss(item.id));
  attentionChanged();
}

function Need({ item, isChosen }: { readonly item: AttentionItem; readonly isChosen: boolean }) {
  const [icon, word] = KINDS[item.kind] ?? ["question", item.kind];
  const isOpen = opened.value.has(item.id);
  const answers = answersOf(item);
  return (
    <li
      class={`need${isChosen ? " need-chosen" : ""}`}
      aria-current={isChosen ? "true" : undefined}
      data-need={item.id}
    >
      <span class="need-shape">
        <Icon name={icon} />
      </span>
      <div class="need-told">
        <p class="need-line">
          <a href={peekHref(item.hen_id)} class="need-hen">
            <PlainText text={shortName(item.hen_id)} />
          </a>
          <span class="need-kind">{word}</span>
          <span class="muted need-age">
            <Time at={item.at} />
          </span>
        </p>
        <p class="need-summary">
          <PlainText text={item.summary} />
        </p>
        {isOpen && <Evidence item={item} answers={answers} />}
      </div>
      <div class="need-answers">
        {answers.map((answer, at) => (
          <Button
            key={answer.label}
            isSmall
            tone={at === 0 ? "main" : "plain"}
            keyHint={isChosen ? String(at + 1) : undefined}
            onClick={() => give(item, answer)}
          >
            {answer.label}
          </Button>
        ))}
      </div>
      <div class="need-tools">
        <IconButton
          icon={isOpen ? "less" : "more"}
          label={isOpen ? "Hide the evidence" : "Show the evidence"}
          onClick={() => toggle(item.id)}
        />
        <IconButton
          icon="close"
          label="Wave it aside: it leaves the list for good"
          onClick={() => void waveAside(item)}
        />
      </div>
    </li>
  );
}

function Evidence({ item, answers }: { readonly item: AttentionItem; readonly answers: readonly Answer[] }) {
  return (
    <div class="need-evidence stack">
      {item.evidence !== null && <CodeBlock text={item.evidence} label="evidence" />}
      <CodeBlock text={answers.map(({ command }) => command).join("\n")} label="the same as commands" />
      <p class="row">
        <a href={henHref(item.hen_id)}>The hen</a>
        {item.job_id !== null && <a href={jobHref(item.job_id)}>The job</a>}
        <Button isSmall onClick={() => waveAside(item)}>
          Wave it aside for good
        </Button>
      </p>
    </div>
  );
}
