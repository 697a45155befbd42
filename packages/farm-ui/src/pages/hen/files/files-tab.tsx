import type { Folder, FolderEntry } from "coop-client";
import { useState } from "preact/hooks";
import { place, setQuery } from "../../../app/router.ts";
import { client } from "../../../data/client.ts";
import { useResource } from "../../../data/resource.ts";
import { formatBytes } from "../../../kit/amounts.tsx";
import { Button } from "../../../kit/button.tsx";
import { EmptyState } from "../../../kit/empty-state.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { Time } from "../../../kit/time.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { FileView } from "./file-view.tsx";

/** Names of one page of a folder. */
const PAGE_ENTRIES = 200;

/** The hen's folder, to look at: nothing is changed here, no link is followed, and nothing that a hen wrote runs. */
export function FilesTab({ hen }: HenTabProps) {
  const path = place.value.query.get("path") ?? "";
  const isFile = place.value.query.get("file") !== null;
  const folder = isFile ? path.slice(0, Math.max(0, path.lastIndexOf("/"))) : path;
  if (hen.state === "DEFINED") {
    return <EmptyState title="No nest yet">An egg has no folder: it gets one when it hatches.</EmptyState>;
  }
  return (
    <div class="files">
      <Crumbs path={path} isFile={isFile} />
      <div class={isFile ? "files-split" : ""}>
        <FolderList key={folder} henId={hen.id} path={folder} open={isFile ? path : undefined} />
        {isFile && <FileView key={path} henId={hen.id} path={path} />}
      </div>
    </div>
  );
}

function show(path: string, isFile: boolean): void {
  setQuery("file", isFile ? "1" : undefined);
  setQuery("path", path);
}

function Crumbs({ path, isFile }: { readonly path: string; readonly isFile: boolean }) {
  const parts = path === "" ? [] : path.split("/");
  return (
    <nav class="crumbs" aria-label="Folder">
      <button type="button" onClick={() => show("", false)}>
        nest
      </button>
      {parts.map((part, at) => {
        const to = parts.slice(0, at + 1).join("/");
        const isLast = at === parts.length - 1;
        return (
          <span key={to}>
            <span aria-hidden="true"> / </span>
            <button type="button" onClick={() => show(to, isFile && isLast)} aria-current={isLast ? "page" : undefined}>
              {toSeenText(part)}
            </button>
          </span>
        );
      })}
    </nav>
  );
}

function FolderList(props: { readonly henId: string; readonly path: string; readonly open: string | undefined }) {
  const { henId, path, open } = props;
  const [after, setAfter] = useState<readonly (string | undefined)[]>([undefined]);
  const last = after.at(-1);
  const read = useResource(
    (signal) => client.hens.folder(henId, path, { limit: PAGE_ENTRIES, after: last, signal }),
    [henId, path, last],
  );
  const folder = read.value.value;
  if (read.error.value !== undefined) {
    return <ErrorNote error={read.error.value} title="The folder cannot be opened" onRetry={read.reload} />;
  }
  if (folder === undefined) return <p class="loading">Opening the folder…</p>;
  const { next } = folder;
  return (
    <div class="stack">
      <div class="row spread">
        <p class="muted">{toCount(folder, after.length)}</p>
        <Button isSmall onClick={read.reload}>
          Look again
        </Button>
      </div>
      {folder.entries.length === 0 && <EmptyState title="An empty folder">Nothing was laid here yet.</EmptyState>}
      <ul class="file-rows">
        {folder.entries.map((entry) => (
          <EntryRow
            key={entry.name}
            entry={entry}
            path={path === "" ? entry.name : `${path}/${entry.name}`}
            open={open}
          />
        ))}
      </ul>
      {(after.length > 1 || next !== null) && (
        <p class="row">
          {after.length > 1 && <Button onClick={() => setAfter(after.slice(0, -1))}>Before</Button>}
          {next !== null && <Button onClick={() => setAfter([...after, next])}>Further</Button>}
        </p>
      )}
    </div>
  );
}

function toCount({ entries, next, is_cut }: Folder, page: number): string {
  const count = `${entries.length} ${entries.length === 1 ? "name" : "names"}`;
  const more = next === null && page === 1 ? "" : `, page ${page}`;
  return `${count}${more}${is_cut ? "; the folder holds more than is ever listed" : ""}`;
}

const MARKS = { file: "·", folder: "▸", link: "↗", other: "?" } as const;

function EntryRow(props: { readonly entry: FolderEntry; readonly path: string; readonly open: string | undefined }) {
  const { entry, path, open } = props;
  const { kind } = entry;
  const canOpen = kind === "file" || kind === "folder";
  const name = (
    <>
      <span class="file-mark" aria-hidden="true">
        {MARKS[kind]}
      </span>
      <PlainText text={kind === "folder" ? `${entry.name}/` : entry.name} limit={300} />
    </>
  );
  return (
    <li class={open === path ? "is-open" : undefined}>
      {canOpen ? (
        <button type="button" class="file-name" onClick={() => show(path, kind === "file")}>
          {name}
        </button>
      ) : (
        <span class="file-name muted" title="links and devices are not opened">
          {name}
        </span>
      )}
      <span class="muted amount">{entry.bytes === null ? kind : formatBytes(entry.bytes)}</span>
      <span class="muted file-time">
        <Time at={entry.modified_at} />
      </span>
    </li>
  );
}
