import { useEffect, useRef, useState } from "preact/hooks";
import { attention } from "../data/farm-state.ts";
import { DialogHost } from "../kit/confirm.tsx";
import { Icon } from "../kit/icon.tsx";
import { Toasts } from "../kit/toast.tsx";
import { isKeyMapOpen, KeyMap } from "./key-map.tsx";
import { bindKeys } from "./keys.ts";
import { PageOutlet } from "./page-outlet.tsx";
import { PAGES } from "./page-table.ts";
import { goTo, place } from "./router.ts";
import { StatusStrip } from "./status-strip.tsx";
import { theme, toggleTheme } from "./theme.ts";

/** What is on every screen: status, navigation, the page, and what may lie above it. */
export function Shell() {
  useEffect(bindShellKeys, []);
  return (
    <>
      <a class="skip-link" href="#page">
        Skip to the page
      </a>
      <header class="top">
        <StatusStrip />
        <Navigation />
      </header>
      <main id="page" tabIndex={-1}>
        <PageOutlet />
      </main>
      <NeedsYouVoice />
      <Toasts />
      <DialogHost />
      <KeyMap />
    </>
  );
}

function bindShellKeys(): () => void {
  const group = "Everywhere";
  return bindKeys([
    { keys: "?", does: "show these keys", group, run: () => (isKeyMapOpen.value = !isKeyMapOpen.peek()) },
    ...PAGES.flatMap(({ key, nav, title }) =>
      key === undefined || nav === undefined
        ? []
        : [{ keys: `g ${key}`, does: `go to ${title}`, group, run: () => goTo(nav.href) }],
    ),
    { keys: "t", does: "light or dark", group, run: toggleTheme },
  ]);
}

function Navigation() {
  return (
    <nav class="nav" aria-label="Pages">
      <ul>
        {NAVIGATION.map((entry) => (
          <li key={entry.href} class={entry.isBehindMore === true ? "nav-behind" : undefined}>
            <NavigationLink entry={entry} />
          </li>
        ))}
        <li class="nav-more">
          <More />
        </li>
      </ul>
      <div class="nav-tools">
        <button
          type="button"
          class="icon-button"
          onClick={toggleTheme}
          aria-label={`Light or dark (now: ${theme.value})`}
        >
          <Icon name="theme" />
        </button>
        <button type="button" class="icon-button" onClick={() => (isKeyMapOpen.value = true)} aria-label="Keys (?)">
          <Icon name="keys" />
        </button>
      </div>
    </nav>
  );
}

const NAVIGATION = PAGES.flatMap(({ nav, title }) => (nav === undefined ? [] : [{ ...nav, title }]));
type Entry = (typeof NAVIGATION)[number];

function NavigationLink({ entry }: { readonly entry: Entry }) {
  return (
    <a href={entry.href} aria-current={isHere(entry) ? "page" : undefined}>
      <Icon name={entry.icon} />
      <span>{entry.title}</span>
    </a>
  );
}

function isHere({ href }: Entry): boolean {
  const { path } = place.value;
  return href === "/" ? path === "/" || path === "/farm" : path.startsWith(href);
}

/** What a phone has no room for below the page. The browser opens and closes it; who went somewhere is done with it. */
function More() {
  const behind = NAVIGATION.filter(({ isBehindMore }) => isBehindMore);
  const sheet = useRef<HTMLDivElement>(null);
  const { path } = place.value;
  useEffect(() => sheet.current?.hidePopover(), [path]);
  return (
    <>
      <button type="button" popovertarget="more-pages" class={behind.some(isHere) ? "is-here" : undefined}>
        <Icon name="more-pages" />
        <span>More</span>
      </button>
      <div id="more-pages" popover="auto" ref={sheet}>
        <ul>
          {behind.map((entry) => (
            <li key={entry.href}>
              <NavigationLink entry={entry} />
            </li>
          ))}
          <li>
            <button type="button" onClick={toggleTheme}>
              <Icon name="theme" />
              <span>Light or dark</span>
            </button>
          </li>
        </ul>
      </div>
    </>
  );
}

/** Says aloud when something new needs a person, and nothing else. */
function NeedsYouVoice() {
  const count = attention.value.length;
  const [said, setSaid] = useState({ count: 0, text: "" });
  useEffect(() => {
    if (count === said.count) return;
    const text = count > said.count ? `${count === 1 ? "1 thing needs" : `${count} things need`} you` : "";
    setSaid({ count, text });
  }, [count]);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {said.text}
    </div>
  );
}
