import { usedTokens } from "coopd-core";
import { peekHref } from "../../app/addresses.ts";
import { goTo } from "../../app/router.ts";
import { Money, Tokens } from "../../kit/amounts.tsx";
import { BirdDrawing, emojiOf } from "../../kit/bird.tsx";
import { BirdSymbols } from "../../kit/bird-symbols.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { firstLine, PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { Elapsed, Time } from "../../kit/time.tsx";
import { VirtualList } from "../../kit/virtual-list.tsx";
import { activityOf, brainOf, type FlockGroup, filter, GROUPS, listed, type Member, selected } from "./flock.ts";

/** A heading of a group, or a hen. */
type Row = { readonly group: FlockGroup; readonly count: number } | Member;

/** px. */
const ROW_HEIGHT = 46;

/** The flock in words: by attention, one row a hen, and the same order as long as nothing changes for a hen. */
export function FlockList() {
  const rows = toRows(listed.value);
  if (rows.length === 0) {
    return (
      <EmptyState title="No hen fits">
        Nothing of the flock matches <q>{filter.value}</q>.
      </EmptyState>
    );
  }
  return (
    <>
      <BirdSymbols />
      <VirtualList
        label="Hens"
        rows={rows}
        rowHeight={ROW_HEIGHT}
        keyOf={keyOf}
        selected={selected.value}
        maxHeight="62vh"
      >
        {(row) => ("hen" in row ? <HenRow member={row} /> : <GroupRow group={row.group} count={row.count} />)}
      </VirtualList>
    </>
  );
}

function toRows(all: readonly Member[]): readonly Row[] {
  return GROUPS.flatMap(([group]): readonly Row[] => {
    const here = all.filter((member) => member.group === group);
    return here.length === 0 ? [] : [{ group, count: here.length }, ...here];
  });
}

const keyOf = (row: Row): string => ("hen" in row ? row.hen.id : `group ${row.group}`);

function GroupRow({ group, count }: { readonly group: FlockGroup; readonly count: number }) {
  const title = GROUPS.find(([key]) => key === group)?.[1];
  return (
    <h3 class={`group-row group-${group}`}>
      {title} <span class="count">{count}</span>
    </h3>
  );
}

function HenRow({ member }: { readonly member: Member }) {
  const { hen, job, step, name } = member;
  const isSelected = selected.value === hen.id;
  const open = () => {
    selected.value = hen.id;
    goTo(peekHref(hen.id));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and space act on the row, and its name is a link
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      class={`hen-row${isSelected ? " hen-row-selected" : ""}`}
      onClick={open}
      aria-current={isSelected ? "true" : undefined}
    >
      <BirdDrawing hen={hen} />
      <div class="hen-row-name">
        <a href={peekHref(hen.id)}>
          {emojiOf(hen)} <PlainText text={name} />
        </a>
        <StateBadge state={hen.state} />
      </div>
      <div class="hen-row-activity">
        <PlainText text={firstLine(activityOf(member))} limit={160} />
      </div>
      <div class="hen-row-time">
        {job?.status === "RUNNING" && job.started_at !== null ? (
          <>
            <Elapsed from={job.started_at} /> <span class="muted">turn {step?.turn ?? job.turns}</span>
          </>
        ) : (
          <span class="muted">
            <Time at={job?.ended_at ?? hen.updated_at} />
          </span>
        )}
      </div>
      <div class="hen-row-spend">{job !== undefined && <Spent member={member} />}</div>
      <div class="hen-row-brain muted">
        <PlainText text={brainOf(hen)} limit={40} />
      </div>
      <WallBadge member={member} />
    </div>
  );
}

function Spent({ member: { job, step } }: { readonly member: Member }) {
  if (job === undefined) return null;
  const tokens = step?.tokens ?? usedTokens(job.usage);
  if (tokens === 0) return null;
  return (
    <>
      <Tokens count={tokens} /> <Money micros={job.cost.usd_micros} known={job.cost.known_usd_micros} />
    </>
  );
}

const WALLS: Readonly<Record<string, readonly [string, string, string]>> = {
  enforced: ["▦", "walled", "good"],
  gated: ["▤", "gated", "good"],
  denied_all: ["▣", "shut in", "wait"],
  unenforceable: ["✕", "no walls", "bad"],
};

/** What this host holds of a hen's policy. */
export function WallBadge({ member: { hen } }: { readonly member: Pick<Member, "hen"> }) {
  const [shape, word, tone] = WALLS[hen.enforcement ?? ""] ?? ["?", "unknown", "wait"];
  return (
    <span
      class={`badge badge-${tone} wall-badge`}
      title={hen.enforcement_reason ?? "what this host enforces of its policy"}
    >
      <span class="badge-shape" aria-hidden="true">
        {shape}
      </span>
      {word}
    </span>
  );
}
