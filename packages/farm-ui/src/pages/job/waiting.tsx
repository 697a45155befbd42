import type { Job } from "coopd-core";
import { useEffect } from "preact/hooks";
import { henHref, jobHref } from "../../app/addresses.ts";
import { client } from "../../data/client.ts";
import { farm } from "../../data/farm-state.ts";
import { onFarmItem } from "../../data/follow-farm.ts";
import { atMostEvery } from "../../data/frame.ts";
import { useResource } from "../../data/resource.ts";
import { CodeBlock } from "../../kit/code-block.tsx";
import { PlainText } from "../../kit/plain-text.tsx";

/** Events after which the reason may be another. */
const TRIGGERS: ReadonlySet<string> = new Set([
  "job_status_changed",
  "hen_state_changed",
  "hen_manifest_changed",
  "attention_changed",
  "link_opened",
  "gap",
]);
const REST_MS = 1_000;

/** Why a queued job does not run, what would help, and what comes before it. */
export function Waiting({ job }: { readonly job: Job }) {
  const { value, reload } = useResource((signal) => client.jobs.waiting(job.id, { signal }), [job.id]);
  useEffect(() => {
    const again = atMostEvery(REST_MS, async () => reload());
    return onFarmItem((item) => {
      if (TRIGGERS.has(item.type)) again();
    });
  }, [job.id]);
  const isStopped = farm.value?.stopped === true;
  useEffect(() => reload(), [isStopped]); // of which no event tells
  const why = value.value;
  if (why === undefined || why.waiting_for === null) return null;
  return (
    <div class="job-waiting" role="note">
      <p>
        <strong>Waiting</strong> for <PlainText text={why.waiting_for} />
        {why.ahead > 0 && <>, with {why.ahead === 1 ? "one job" : `${why.ahead} jobs`} before it</>}.
      </p>
      {why.running.length > 0 && (
        <p class="muted">
          Meanwhile its hen is at{" "}
          {why.running.slice(0, 3).map((id, at) => (
            <span key={id}>
              {at > 0 && ", "}
              <a href={jobHref(id)}>
                job <code>{id.slice(-6)}</code>
              </a>
            </span>
          ))}
          .
        </p>
      )}
      {why.next !== null && <CodeBlock text={why.next} label="what would help" />}
      {why.kind === "hen_needs" && (
        <p class="muted">
          The job goes on by itself once that is there. See <a href={henHref(job.hen_id)}>the hen</a> and{" "}
          <a href="/vault">the vault</a>.
        </p>
      )}
    </div>
  );
}
