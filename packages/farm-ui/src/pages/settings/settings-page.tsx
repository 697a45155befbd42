import { goTo } from "../../app/router.ts";
import { client } from "../../data/client.ts";
import { useResource } from "../../data/resource.ts";
import { Tabs } from "../../kit/tabs.tsx";
import { AccessTab } from "./access-tab.tsx";
import { AuditTab } from "./audit-tab.tsx";
import { FarmTab } from "./farm-tab.tsx";
import { WallsTab } from "./walls-tab.tsx";

const TABS = [
  { key: "access", title: "Access" },
  { key: "farm", title: "Farm" },
  { key: "walls", title: "Walls" },
  { key: "audit", title: "Audit" },
] as const;

/** What is set once and looked at rarely: who may come in, the farm's ceilings and places, what its host holds, who did what. */
export function SettingsPage({ params }: { readonly params: Readonly<Record<string, string>> }) {
  const open = TABS.find(({ key }) => key === params.tab)?.key ?? "access";
  const me = useResource((signal) => client.access.me({ signal }), []).value.value;
  return (
    <>
      <h1 class="visually-hidden">Settings</h1>
      <Tabs tabs={TABS} open={open} onOpen={(key) => goTo(`/settings/${key}`, { replace: true })} label="Settings">
        <div class="settings">
          {open === "access" && <AccessTab me={me} />}
          {open === "farm" && <FarmTab me={me} />}
          {open === "walls" && <WallsTab />}
          {open === "audit" && <AuditTab me={me} />}
        </div>
      </Tabs>
    </>
  );
}
