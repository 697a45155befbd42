import { useEffect, useState } from "preact/hooks";
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
  const { path } = place.value;
  const entries = PAGES.flatMap(({ nav, title }) => (nav === undefined ? [] : [{ ...nav, title }]));
  const isHere = (href: string) => (href === "/" ? path === "/" || path === "/farm" : path.startsWith(href));
  return (
    <nav class="nav" aria-label="Pages">
      <ul>
        {entries.map(({ href, icon, title }) => (
          <li key={href}>
            <a href={href} aria-current={isHere(href) ? "page" : undefined}>
              <Icon name={icon} />
              <span>{title}</span>
            </a>
          </li>
        ))}
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
