import { useComputed } from "@preact/signals";
import { usedTokens } from "coopd-core";
import { act } from "../data/act.ts";
import { client } from "../data/client.ts";
import { doctor, farm, hens, jobs, link, linkReason, vault } from "../data/farm-state.ts";
import { farmChanged } from "../data/refresh.ts";
import { formatMicros, formatTokens } from "../kit/amounts.tsx";
import { Button } from "../kit/button.tsx";
import { confirm } from "../kit/confirm.tsx";
import { Icon } from "../kit/icon.tsx";

/** One line that says how the farm is: always there, whatever page is open. */
export function StatusStrip() {
  return (
    <div class="strip">
      <a class="strip-name" href="/">
        <Icon name="hen" />
        <strong>{farm.value?.coop_id ?? "Coop Farm"}</strong>
        <span class="muted">{farm.value === undefined ? "" : `v${farm.value.coopd_version}`}</span>
      </a>
      <LinkFact />
      <dl class="strip-facts">
        <FlockFacts />
        <TodayFacts />
        <HostFacts />
        <GuardFacts />
      </dl>
      <StopAll />
    </div>
  );
}

function Fact({
  label,
  value,
  tone,
  title,
}: {
  readonly label: string;
  readonly value: string;
  readonly tone?: string;
  readonly title?: string;
}) {
  return (
    <div class={`fact ${tone === undefined ? "" : `fact-${tone}`}`} title={title}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function FlockFacts() {
  const counts = useComputed(() => {
    const states = Map.groupBy(hens.value.values(), ({ state }) => state);
    const statuses = Map.groupBy(jobs.value.values(), ({ status }) => status);
    return {
      hens: hens.value.size,
      states: [...states]
        .map(([state, list]) => `${list.length} ${state.toLowerCase()}`)
        .sort()
        .join(" · "),
      working: states.get("WORKING")?.length ?? 0,
      running: statuses.get("RUNNING")?.length ?? 0,
      queued: statuses.get("QUEUED")?.length ?? 0,
    };
  }).value;
  return (
    <>
      <Fact
        label="hens"
        value={counts.hens === 0 ? "none" : `${counts.hens} · ${counts.working} at work`}
        title={counts.states}
      />
      <Fact label="jobs" value={`${counts.running} running · ${counts.queued} queued`} />
    </>
  );
}

function TodayFacts() {
  const today = farm.value?.today;
  if (today === undefined) return null;
  const tokens = usedTokens(today);
  const cost =
    today.cost.usd_micros === null
      ? `≥ ${formatMicros(today.cost.known_usd_micros)}`
      : formatMicros(today.cost.usd_micros);
  return (
    <Fact
      label="today"
      value={`${formatTokens(tokens)} tok · ${cost}`}
      title={`${today.calls} calls of models since midnight, UTC`}
    />
  );
}

function HostFacts() {
  const host = farm.value?.host;
  if (host === undefined) return null;
  const memory = 1 - host.memory.available_bytes / host.memory.total_bytes;
  const disk = 1 - host.disk.free_bytes / host.disk.total_bytes;
  const percent = (share: number) => `${Math.round(share * 100)}%`;
  const isPressed = memory > 0.9 || disk > 0.9 || (host.cpu_percent ?? 0) > 95;
  const cpu = host.cpu_percent === null ? "" : `cpu ${host.cpu_percent}% `;
  return (
    <Fact
      label="host"
      value={`${cpu}mem ${percent(memory)} disk ${percent(disk)}`}
      tone={isPressed ? "warn" : undefined}
      title={`${host.cores} cores, load ${host.load_1m}; as of the last event`}
    />
  );
}

function GuardFacts() {
  const holds = doctor.value?.rows.filter((row) => row.holds).length ?? 0;
  const all = doctor.value?.rows.length ?? 0;
  const missing = doctor.value?.rows.filter((row) => !row.holds).map(({ title }) => title) ?? [];
  return (
    <>
      {vault.value !== undefined && (
        <Fact
          label="vault"
          value={vault.value.unlocked ? "open" : "locked"}
          tone={vault.value.unlocked ? undefined : "note"}
        />
      )}
      {doctor.value !== undefined && (
        <Fact
          label="walls"
          value={`${holds}/${all} hold`}
          tone={missing.length === 0 ? undefined : "warn"}
          title={missing.length === 0 ? "measured on this host" : `not on this host: ${missing.join(", ")}`}
        />
      )}
    </>
  );
}

const LINK_WORDS = { opening: "connecting", live: "live", lost: "lost, trying again" } as const;

function LinkFact() {
  return (
    <span class={`link-fact link-${link.value}`} title={linkReason.value}>
      <span class="link-dot" aria-hidden="true" />
      {LINK_WORDS[link.value]}
    </span>
  );
}

function StopAll() {
  if (farm.value === undefined) return null;
  if (farm.value.stopped === true) {
    return (
      <Button tone="go" onClick={() => void resume()}>
        Resume the farm
      </Button>
    );
  }
  return (
    <Button tone="danger" isSmall onClick={() => void stop()}>
      Stop all
    </Button>
  );
}

async function stop(): Promise<void> {
  const isSure = await confirm({
    title: "Stop the whole farm?",
    text: "Running jobs are cancelled. What is queued waits, over restarts too, until the farm is resumed.",
    yes: "Stop all",
    isDangerous: true,
  });
  if (!isSure) return;
  await act(() => client.stopFarm(), "The farm has stopped");
  farmChanged();
}

async function resume(): Promise<void> {
  await act(() => client.resumeFarm(), "The farm goes on");
  farmChanged();
}
