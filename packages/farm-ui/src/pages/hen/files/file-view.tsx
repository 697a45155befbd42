import { useState } from "preact/hooks";
import { setQuery } from "../../../app/router.ts";
import { useResource } from "../../../data/resource.ts";
import { formatBytes } from "../../../kit/amounts.tsx";
import { Button } from "../../../kit/button.tsx";
import { CodeBlock } from "../../../kit/code-block.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { Markdown } from "../../../kit/markdown.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";
import { readText, SHOWN_BYTES } from "./read-text.ts";

/** How a file begins, as text or as bytes; it is never drawn as a page or a picture. */
export function FileView({ henId, path }: { readonly henId: string; readonly path: string }) {
  const isProse = /\.(?:md|markdown)$/i.test(path);
  const [isPlain, setPlain] = useState(false);
  const read = useResource((signal) => readText(henId, path, signal), [henId, path]);
  const file = read.value.value;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const href = `/api/v1/hens/${encodeURIComponent(henId)}/files?path=${encodeURIComponent(path)}`;
  const close = () => {
    setQuery("file", undefined);
    setQuery("path", path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  };
  return (
    <section class="file-view stack" aria-label={`File ${toSeenText(name)}`}>
      <div class="row spread">
        <h2>{toSeenText(name)}</h2>
        <div class="row">
          {isProse && file?.text !== undefined && (
            <Button isSmall onClick={() => setPlain(!isPlain)}>
              {isPlain ? "As prose" : "As written"}
            </Button>
          )}
          <a class="button button-small" href={href} download>
            Save
          </a>
          <Button isSmall onClick={close}>
            Close
          </Button>
        </div>
      </div>
      {read.error.value !== undefined && (
        <ErrorNote error={read.error.value} title="The file cannot be read" onRetry={read.reload} />
      )}
      {file === undefined && read.error.value === undefined && <p class="loading">Reading…</p>}
      {file?.text === "" && <p class="muted">An empty file.</p>}
      {file?.text !== undefined &&
        file.text !== "" &&
        (isProse && !isPlain ? (
          <Markdown text={file.text} />
        ) : (
          <CodeBlock text={file.text} label={`Text of ${toSeenText(name)}`} />
        ))}
      {file?.hex !== undefined && (
        <>
          <p class="muted">This is no text. It begins:</p>
          <CodeBlock text={file.hex} label={`Bytes of ${toSeenText(name)}`} isQuiet />
        </>
      )}
      {file?.isCut === true && (
        <p class="muted">The first {formatBytes(SHOWN_BYTES)} are shown; saving it gets the whole file.</p>
      )}
    </section>
  );
}
