import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { PlainText } from "./plain-text.tsx";

/** What draws Markdown once it is loaded; see markdown-view.tsx. */
type View = ComponentType<{ readonly text: string }>;

const view = signal<View | undefined>(undefined);
let isLoading = false;

/**
 * Markdown that a model wrote: made into elements one by one, never into HTML. HTML in it is shown as text, images are named and not
 * fetched, links ask before they lead anywhere. The reader for it is loaded with the first; until then the text stands as it is.
 */
export function Markdown({ text }: { readonly text: string }) {
  useEffect(() => {
    if (isLoading) return;
    isLoading = true;
    void import("./markdown-view.tsx").then(({ MarkdownView }) => {
      view.value = MarkdownView;
    });
  }, []);
  const Loaded = view.value;
  if (Loaded !== undefined) return <Loaded text={text} />;
  return (
    <div class="markdown">
      <p>
        <PlainText text={text} />
      </p>
    </div>
  );
}
