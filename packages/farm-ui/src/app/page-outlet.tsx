import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import type { PageProps } from "./page-props.ts";
import { PAGES, type PageEntry } from "./page-table.ts";
import { matchPath, place } from "./router.ts";

type Loaded = ComponentType<PageProps> | { readonly error: unknown };

const loaded = signal<ReadonlyMap<PageEntry, Loaded>>(new Map());
const loading = new Set<PageEntry>();

function load(entry: PageEntry): void {
  if (loading.has(entry)) return;
  loading.add(entry);
  const note = (found: Loaded) => {
    loaded.value = new Map(loaded.peek()).set(entry, found);
    loading.delete(entry);
  };
  (entry.view as () => Promise<ComponentType<PageProps>>)().then(note, (error: unknown) => note({ error }));
}

/** The page that the address names. */
export function PageOutlet() {
  const { path } = place.value;
  const [entry, params] = findPage(path);
  useEffect(() => {
    document.title = entry === undefined || entry.path === "/" ? "🐔 Coop Farm" : `${entry.title} · 🐔 Coop Farm`;
    if (entry?.isLazy === true) load(entry);
  }, [entry]);
  if (entry === undefined) {
    return (
      <EmptyState title="Nothing roosts here" command="coop farm">
        No page of the farm has the address <code>{path}</code>.
      </EmptyState>
    );
  }
  return (
    <ErrorBoundary resetKey={path}>
      <View entry={entry} params={params} />
    </ErrorBoundary>
  );
}

function View({ entry, params }: { readonly entry: PageEntry } & PageProps) {
  if (!entry.isLazy) {
    const Page = entry.view as ComponentType<PageProps>;
    return <Page params={params} />;
  }
  const found = loaded.value.get(entry);
  if (found === undefined) return <p class="loading">Fetching the page…</p>;
  if (typeof found === "object") {
    const retry = () => location.reload();
    return <ErrorNote error={found.error} title="This page did not arrive" kept="The farm goes on." onRetry={retry} />;
  }
  const Page = found;
  return <Page params={params} />;
}

function findPage(path: string): readonly [PageEntry | undefined, PageProps["params"]] {
  for (const entry of PAGES) {
    const params = matchPath(entry.path, path);
    if (params !== undefined) return [entry, params];
  }
  return [undefined, {}];
}
