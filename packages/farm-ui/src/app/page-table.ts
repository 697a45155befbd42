import type { ComponentType } from "preact";
import { FarmPage } from "../pages/farm/farm-page.tsx";
import type { PageProps } from "./page-props.ts";

/** One page of the farm. */
export interface PageEntry {
  /** As `/hens/:coop/:name/:tab?`; the first row that fits wins. */
  readonly path: string;
  /** In the title and in the navigation. */
  readonly title: string;
  /** In the navigation under this icon; left out for pages that are reached through others. */
  readonly nav?: {
    readonly href: string;
    readonly icon: string;
    /** On a phone it is among those behind "More". */
    readonly isBehindMore?: true;
  };
  /** The second key of `g …`, which goes there. */
  readonly key?: string;
  /** Draws it: a component that is there at once, or one that is loaded when it is first wanted. */
  readonly view: ComponentType<PageProps> | (() => Promise<ComponentType<PageProps>>);
  readonly isLazy: boolean;
}

/**
 * Every page. A new one is a row here, `isLazy: true` and
 * `view: () => import("../pages/NAME/NAME-page.tsx").then((it) => it.NamePage)`.
 */
export const PAGES: readonly PageEntry[] = [
  { path: "/", title: "Farm", nav: { href: "/", icon: "farm" }, key: "h", view: FarmPage, isLazy: false },
  {
    path: "/raise",
    title: "Raise",
    nav: { href: "/raise", icon: "raise", isBehindMore: true },
    key: "r",
    view: () => import("../pages/raise/raise-page.tsx").then((it) => it.RaisePage),
    isLazy: true,
  },
  {
    path: "/jobs",
    title: "Jobs",
    nav: { href: "/jobs", icon: "job" },
    key: "j",
    isLazy: true,
    view: () => import("../pages/jobs/jobs-page.tsx").then((it) => it.JobsPage),
  },
  {
    path: "/tasks",
    title: "Tasks",
    nav: { href: "/tasks", icon: "task", isBehindMore: true },
    key: "k",
    isLazy: true,
    view: () => import("../pages/tasks/tasks-page.tsx").then((it) => it.TasksPage),
  },
  {
    path: "/terminals",
    title: "Terminals",
    nav: { href: "/terminals", icon: "terminal" },
    key: "t",
    view: () => import("../pages/terminals/terminals-page.tsx").then((it) => it.TerminalsPage),
    isLazy: true,
  },
  {
    path: "/vault",
    title: "Vault",
    nav: { href: "/vault", icon: "vault" },
    key: "v",
    view: () => import("../pages/vault/vault-page.tsx").then((it) => it.VaultPage),
    isLazy: true,
  },
  {
    path: "/events",
    title: "Events",
    nav: { href: "/events", icon: "events", isBehindMore: true },
    key: "e",
    isLazy: true,
    view: () => import("../pages/events/events-page.tsx").then((it) => it.EventsPage),
  },
  {
    path: "/settings/:tab?",
    title: "Settings",
    nav: { href: "/settings", icon: "settings", isBehindMore: true },
    key: "s",
    view: () => import("../pages/settings/settings-page.tsx").then((it) => it.SettingsPage),
    isLazy: true,
  },
  { path: "/farm", title: "Farm", view: FarmPage, isLazy: false },
  {
    path: "/jobs/:id/:tab?",
    title: "Job",
    isLazy: true,
    view: () => import("../pages/job/job-page.tsx").then((it) => it.JobPage),
  },
  {
    path: "/hens/:coop/:name/:tab?",
    title: "Hen",
    view: () => import("../pages/hen/hen-page.tsx").then((it) => it.HenPage),
    isLazy: true,
  },
];
