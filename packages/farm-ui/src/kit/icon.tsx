/** Paths of 20 × 20, drawn for this page with one pen. */
const PATHS: Readonly<Record<string, string>> = {
  farm: "M2.5 9 10 3l7.5 6M4.5 8v9h11V8M8 17v-5h4v5",
  hen: "M4 7c0-2 2-3 3-2 1-1.5 3-1 3 .5 0 1.2.5 2 2 2h3.5c1.5 0 2 1.5 1.5 3-.8 3-3 4.5-6 4.5-4 0-6-2.5-6-6L3 8.5 4 7ZM9 15v3M12 15v3M6.5 7.5h.01",
  job: "M4 4h12v12H4zM7 8h6M7 11h6M7 14h3",
  raise: "M10 3c3 3 4.5 5.5 4.5 8a4.5 4.5 0 0 1-9 0c0-2.5 1.5-5 4.5-8ZM10 9v5M7.5 11.5h5",
  terminal: "M3 4h14v12H3zM6 8l2.5 2L6 12M10.5 12.5H14",
  task: "M4 5l1.5 1.5L8 4M10 5.5h6M4 10l1.5 1.5L8 9M10 10.5h6M4 15l1.5 1.5L8 14M10 15.5h6",
  vault: "M4 9h12v8H4zM7 9V6a3 3 0 0 1 6 0v3M10 12v2",
  events: "M3 10h3l2-5 4 10 2-5h3",
  settings: "M4 6h8M15 6h1M4 10h2M9 10h7M4 14h7M14 14h2M13.5 4.5v3M7.5 8.5v3M12.5 12.5v3",
  theme: "M10 3a7 7 0 1 0 7 7 5 5 0 0 1-7-7Z",
  keys: "M2.5 6h15v8h-15zM5.5 9h.01M8.5 9h.01M11.5 9h.01M14.5 9h.01M6.5 11.5h7",
  failed: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM7.5 7.5l5 5M12.5 7.5l-5 5",
  limit: "M3 13a7 7 0 0 1 14 0M10 13l3.5-4.5M3 16h14",
  egg: "M10 3.5c3 0 5 4.5 5 7.5a5 5 0 0 1-10 0c0-3 2-7.5 5-7.5Z",
  key: "M7 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10.5 10H17M14.5 10v3M17 10v2",
  walls: "M3 5h14v10H3zM3 10h14M8 5v5M13 5v5M5.5 10v5M10.5 10v5M15 10v5",
  out: "M4 4v12M7 10h10M13.5 6.5 17 10l-3.5 3.5",
  question: "M7.5 8a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M10 15h.01M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Z",
  less: "M5 12l5-5 5 5",
  more: "M5 8l5 5 5-5",
  "more-pages": "M5 5h4v4H5zM12 5h4v4h-4zM5 12h4v4H5zM12 12h4v4h-4z",
  close: "M5 5l10 10M15 5 5 15",
  open: "M8 5l5 5-5 5",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4ZM13 13l4 4",
  copy: "M7 7h9v9H7zM4 13V4h9",
  unlocked: "M4 9h12v8H4zM7 9V6a3 3 0 0 1 5.6-1.5M10 12v2",
  up: "M5 12l5-5 5 5",
  down: "M5 8l5 5 5-5",
  beside: "M3 4h14v12H3zM10 4v12",
  reader: "M3 8v4h3l4 3V5L6 8H3ZM13 7.5c1.2 1.4 1.2 3.6 0 5M15 5.5c2.3 2.5 2.3 6.5 0 9",
  send: "M3 10 17 3l-4 14-3.5-5.5z",
};

/** A small drawing; it says nothing that the text beside it does not say. */
export function Icon({ name }: { readonly name: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name] ?? PATHS.farm}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
