import { useState } from "preact/hooks";
import { henHref, jobHref, shortName } from "../../app/addresses.ts";
import { LongText } from "../../kit/long-text.tsx";
import { firstLine, PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { formatSecs, formatTimer, now } from "../../kit/time.tsx";
import { gistOf, type ToolRun } from "./read-story.ts";

const GIST_CHARS = 140;

/** How a call looks: shape, word and tone. */
function lookOf(run: ToolRun, isOver: boolean): readonly [tone: string, shape: string, word: string] {
  const { result, intent } = run;
  if (result?.outcome === "unknown") return ["unknown", "?", "outcome unknown"];
  if (result?.is_error === true) return ["bad", "✕", "failed"];
  if (result !== undefined) return endOf(result.content) ?? ["good", "✓", "done"];
  if (isOver) return intent === undefined ? ["away", "⊘", "not run"] : ["unknown", "?", "never came back"];
  return intent === undefined ? ["wait", "…", "next"] : ["busy", "▶", "running"];
}

/** A command that ended badly is a call that went well; a reader looks for the command. */
function endOf(content: string): readonly [string, string, string] | undefined {
  const [, exitCode = "0", isLate] =
    /"exit_code":(-?\d+)(?:,"timed_out":(true|false))?\}$/.exec(content.slice(-120)) ?? [];
  if (isLate === "true") return ["bad", "✕", "timed out"];
  return exitCode === "0" ? undefined : ["bad", "✕", `exit ${exitCode}`];
}

/** One call of a tool: a line, and on request what went in and what came out. */
export function ToolCall({ run, isOver }: { readonly run: ToolRun; readonly isOver: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [tone, shape, word] = lookOf(run, isOver);
  const { intent, result, child } = run;
  const isRunning = tone === "busy";
  return (
    <details
      class={`tool tool-${tone}`}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-testid="tool"
    >
      <summary>
        <span class="tool-shape" aria-hidden="true">
          {shape}
        </span>
        <code class="tool-name">
          <PlainText text={run.name} limit={60} />
        </code>
        <span class="tool-gist">
          <PlainText text={firstLine(gistOf(run.input ?? intent?.input))} limit={GIST_CHARS} />
        </span>
        <span class="tool-time amount">
          {isRunning && intent !== undefined && formatTimer(now.value - Date.parse(intent.at))}
          {result !== undefined && result.outcome === "known" && formatSecs(result.duration_ms)}
          <span class={tone === "good" ? "visually-hidden" : "tool-word"}>{word}</span>
        </span>
      </summary>
      {isOpen && <InAndOut run={run} isOver={isOver} />}
      {result?.outcome === "unknown" && (
        <p class="tool-honest">
          The daemon ended while this ran, so nobody knows whether it happened. It was not run again; the brain was told
          so.
        </p>
      )}
      {child !== undefined && (
        <p class="tool-child">
          <a href={jobHref(child.job_id)}>
            The job of <PlainText text={shortName(child.hen_id)} />
          </a>
          {run.childResult !== undefined && <StateBadge state={run.childResult.status} />}
          <a class="muted" href={henHref(child.hen_id)}>
            the hen
          </a>
        </p>
      )}
    </details>
  );
}

function InAndOut({ run, isOver }: { readonly run: ToolRun; readonly isOver: boolean }) {
  const { result } = run;
  return (
    <div class="tool-body">
      <h3>In</h3>
      <Fields value={run.input ?? run.intent?.input} label="input" />
      <h3>Out</h3>
      {result === undefined ? (
        <p class="muted">{isOver ? "Nothing came back." : "Not yet."}</p>
      ) : (
        <Fields value={toValue(result.content)} label="output" />
      )}
    </div>
  );
}

/** What a tool answered: compact JSON, or a text. */
function toValue(content: string): unknown {
  if (content.length > PARSED_CHARS_MAX || !/^[[{]/.test(content)) return content;
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

/** Longer JSON is shown as it came. */
const PARSED_CHARS_MAX = 4 * 1024 * 1024;
/** Objects with more fields are shown as JSON. */
const FIELDS_MAX = 12;

/** An object's long texts one by one, so that an output reads as it was printed; its short values in one line. */
function Fields({ value, label }: { readonly value: unknown; readonly label: string }) {
  if (typeof value === "string") return <LongText text={value} label={label} />;
  const fields = isPlainObject(value) ? Object.entries(value) : [];
  if (fields.length === 0 || fields.length > FIELDS_MAX) {
    return <LongText text={JSON.stringify(value, null, 2) ?? "nothing"} label={label} />;
  }
  const isLong = (it: unknown): it is string => typeof it === "string" && (it.length > 60 || it.includes("\n"));
  const short = fields.filter(([, it]) => !isLong(it) && it !== "");
  return (
    <>
      {short.length > 0 && (
        <dl class="tool-fields">
          {short.map(([key, it]) => (
            <div key={key}>
              <dt>
                <PlainText text={key} limit={40} />
              </dt>
              <dd>
                <PlainText text={typeof it === "string" ? it : JSON.stringify(it)} limit={2_000} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {fields.map(([key, it]) =>
        isLong(it) ? (
          <div key={key}>
            <p class="tool-key">
              <PlainText text={key} limit={40} />
            </p>
            <LongText text={it} label={`${label}: ${key}`} />
          </div>
        ) : null,
      )}
    </>
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
