import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** What a long list needs to know. */
export interface VirtualListProps<Row> {
  readonly rows: readonly Row[];
  /** Of every row, px. */
  readonly rowHeight: number;
  /** Stays the same while the row is the same thing. */
  readonly keyOf: (row: Row) => string;
  readonly children: (row: Row, index: number) => ComponentChildren;
  /** Is kept in sight. */
  readonly selected?: string | undefined;
  readonly label: string;
  /** The tallest that it gets, as CSS has it; beyond it scrolls. */
  readonly maxHeight?: string;
}

/** Rows above and below what is seen, so that scrolling shows no hole. */
const SPARE_ROWS = 6;

/** A list of which only what is in sight is drawn: a thousand rows cost what thirty do. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { rows, rowHeight, keyOf, children, selected, label, maxHeight = "70vh" } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const box = ref.current;
    if (box === null) return;
    const look = () => setView({ top: box.scrollTop, height: box.clientHeight });
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      watcher.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, []);
  useLayoutEffect(() => {
    const box = ref.current;
    const at = selected === undefined ? -1 : rows.findIndex((row) => keyOf(row) === selected);
    if (box === null || at < 0) return;
    const top = at * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
  }, [selected]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + SPARE_ROWS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys (WCAG 2.1.1)
    <div class="virtual-list" ref={ref} style={{ maxHeight }} tabIndex={0}>
      <ul class="virtual-rows" aria-label={label} style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, n) => (
          <li
            key={keyOf(row)}
            class="virtual-row"
            style={{ top: `${(first + n) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {children(row, first + n)}
          </li>
        ))}
      </ul>
    </div>
  );
}
