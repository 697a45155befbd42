import type { HenAnswer } from "coop-client";
import { isTerminalKind } from "coopd-core";
import type { ComponentType } from "preact";
import { henHref } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import type { PageProps } from "../../app/page-props.ts";
import { goTo } from "../../app/router.ts";
import { attention, hens, isLoaded } from "../../data/farm-state.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { Tabs } from "../../kit/tabs.tsx";
import { EgressTab } from "./egress/egress-tab.tsx";
import { FilesTab } from "./files/files-tab.tsx";
import { HandedTab } from "./handed/handed-tab.tsx";
import { HenHeader } from "./header/hen-header.tsx";
import type { HenTabProps } from "./hen-tab.ts";
import { JobsTab } from "./jobs/jobs-tab.tsx";
import { ManifestTab } from "./manifest/manifest-tab.tsx";
import { MemoryTab } from "./memory/memory-tab.tsx";
import { TerminalTab } from "./terminal-tab.tsx";
import { UsageTab } from "./usage/usage-tab.tsx";
import { WallsTab } from "./walls/walls-tab.tsx";

const TABS: readonly { readonly key: string; readonly title: string; readonly view: ComponentType<HenTabProps> }[] = [
  { key: "jobs", title: "Jobs", view: JobsTab },
  { key: "terminal", title: "Terminal", view: TerminalTab },
  { key: "memory", title: "Memory", view: MemoryTab },
  { key: "egress", title: "Egress", view: EgressTab },
  { key: "manifest", title: "Manifest", view: ManifestTab },
  { key: "handed", title: "Handed on", view: HandedTab },
  { key: "walls", title: "Walls", view: WallsTab },
  { key: "files", title: "Files", view: FilesTab },
  { key: "usage", title: "Usage", view: UsageTab },
];

/** One hen: what it is, what it may be told to do, and everything about it. */
export function HenPage({ params }: PageProps) {
  const id = `${params.coop ?? ""}/${params.name ?? ""}`;
  const hen = hens.value.get(id);
  if (hen !== undefined) return <OneHen key={id} hen={hen} tab={params.tab} />;
  if (!isLoaded.value) return <p class="loading">Looking for {toSeenText(params.name ?? "")}…</p>;
  return (
    <EmptyState title="No hen of that name" command="coop hen list">
      <code>{toSeenText(id)}</code> is not on this farm: it was never raised, or it is gone.{" "}
      <a href="/">See the flock</a> or <a href="/raise">raise one</a>.
    </EmptyState>
  );
}

function OneHen({ hen, tab }: { readonly hen: HenAnswer; readonly tab: string | undefined }) {
  const usual = isTerminalKind(hen.manifest.agent_kind) ? "terminal" : "jobs";
  const open = TABS.find(({ key }) => key === (tab ?? usual));
  const show = (key: string) => goTo(henHref(hen.id, key), { replace: true });
  const step = (by: number) => {
    const at = TABS.findIndex(({ key }) => key === open?.key);
    const next = TABS[(at + by + TABS.length) % TABS.length];
    if (next !== undefined) show(next.key);
  };
  useKeys(
    [
      { keys: "]", does: "next tab", group: "Hen", run: () => step(1) },
      { keys: "[", does: "tab before", group: "Hen", run: () => step(-1) },
      ...TABS.map(({ key, title }, at) => ({
        keys: String(at + 1),
        does: title.toLowerCase(),
        group: "Hen",
        run: () => show(key),
      })),
    ],
    [hen.id, open?.key],
  );
  const denied = attention.value.filter((item) => "hen_id" in item && item.hen_id === hen.id).length;
  const View = open?.view;
  return (
    <>
      <HenHeader hen={hen} asks={denied} />
      <section class="panel hen-tabs">
        <Tabs
          label={`About ${toSeenText(hen.manifest.name)}`}
          tabs={TABS.map(({ key, title }) => ({ key, title }))}
          open={open?.key ?? ""}
          onOpen={show}
        >
          {View === undefined ? (
            <EmptyState title="Nothing roosts here">A hen has no page of that name. Its tabs are above.</EmptyState>
          ) : (
            <View hen={hen} />
          )}
        </Tabs>
      </section>
    </>
  );
}
