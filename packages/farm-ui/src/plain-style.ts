/** The style sheet of the plain pages, served by itself: the daemon's policy lets nothing inline in. */
export const PLAIN_STYLE = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8886; }
td { overflow-wrap: anywhere; }
td:first-child, td.state { white-space: nowrap; }
form { display: grid; gap: .75rem; max-width: 26rem; }
input, button { font: inherit; padding: .4rem .6rem; }
.problem { border-left: .25rem solid #c33; padding-left: .75rem; }
`;

/** Where the daemon serves it. */
export const PLAIN_STYLE_PATH = "/assets/plain.css";
