import type { FaultAnswer } from "coop-client";
import { toSeenText } from "../kit/plain-text.tsx";
import { faultText } from "./fault-text.ts";
import type { CheckState } from "./use-manifest-check.ts";

/** More would push the page away; the editor marks them all. */
const SHOWN_MAX = 12;

/** What is wrong with a manifest, line by line; each leads to its place. */
export function ProblemList({
  check,
  onGoTo,
}: {
  readonly check: CheckState;
  readonly onGoTo: (fault: FaultAnswer) => void;
}) {
  const { faults, warnings } = check;
  const all = [
    ...faults.map((fault) => ({ ...fault, kind: "fault" as const })),
    ...warnings.map((fault) => ({ ...fault, kind: "warning" as const })),
  ];
  return (
    <div class="problems" role="status">
      <p class={`problems-head problems-${headOf(check)}`}>{toHead(check)}</p>
      {all.length > 0 && (
        <ul>
          {all.slice(0, SHOWN_MAX).map((fault) => (
            <li key={`${fault.line}:${fault.column} ${fault.path} ${fault.message}`} class={`problem-${fault.kind}`}>
              <button type="button" onClick={() => onGoTo(fault)}>
                <span class="problem-place">line {fault.line}</span>
                <span>
                  {fault.path !== "" && <code>{toSeenText(fault.path)}</code>} {toSeenText(faultText(fault))}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {all.length > SHOWN_MAX && <p class="muted">and {all.length - SHOWN_MAX} more, marked in the text</p>}
    </div>
  );
}

function headOf({ state, faults, warnings }: CheckState): string {
  if (state !== "checked") return state;
  return faults.length > 0 ? "bad" : warnings.length > 0 ? "warned" : "good";
}

function toHead({ state, faults, warnings, failure }: CheckState): string {
  if (state === "failed") return `! It could not be checked: ${failure ?? "the farm does not answer"}`;
  if (state === "checking") return "… Reading it";
  if (faults.length > 0) return `✕ ${faults.length === 1 ? "One thing is" : `${faults.length} things are`} wrong`;
  if (warnings.length > 0) return `✓ The farm takes it, with ${warnings.length === 1 ? "a remark" : "remarks"}`;
  return "✓ The farm takes it as it is";
}
