import { marked, type Token, type Tokens } from "marked";
import type { ComponentChildren, JSX } from "preact";
import { CodeBlock } from "./code-block.tsx";
import { confirm } from "./confirm.tsx";
import { LongText } from "./long-text.tsx";
import { PlainText, toSeenText } from "./plain-text.tsx";
import { isTangled } from "./tangled.ts";

/** Longer texts are shown as they are. */
const CHARS_MAX = 100_000;
/** Deeper nesting than any text for people has. */
const DEPTH_MAX = 24;

/** Draws Markdown; see `Markdown` for what it promises. */
export function MarkdownView({ text }: { readonly text: string }) {
  return <div class="markdown">{toBlocks(text)}</div>;
}

function toBlocks(text: string): ComponentChildren {
  const asItIs = <LongText text={text} label="the text" />;
  if (text.length > CHARS_MAX || isTangled(text)) return asItIs;
  try {
    return drawAll(marked.lexer(text, { gfm: true }), 0);
  } catch {
    return asItIs; // what cannot be read as Markdown is still a text
  }
}

function drawAll(tokens: readonly Token[] | undefined, depth: number): ComponentChildren {
  return (tokens ?? []).map((token) => draw(token, depth + 1));
}

function draw(token: Token, depth: number): ComponentChildren {
  if (depth > DEPTH_MAX) return <PlainText text={token.raw} />;
  return (BLOCKS[token.type] ?? INLINE[token.type] ?? drawAsText)(token as never, depth);
}

type Draw<T> = (token: T, depth: number) => ComponentChildren;

const drawAsText: Draw<Token> = (token) => <PlainText text={token.raw} />;

const BLOCKS: Readonly<Record<string, Draw<never>>> = {
  space: () => null,
  hr: () => <hr />,
  code: ({ text, lang }: Tokens.Code) => (
    <CodeBlock text={text} label={lang === undefined || lang === "" ? "code" : `code, ${toSeenText(lang)}`} />
  ),
  heading: ({ tokens, depth: level }: Tokens.Heading, depth) => {
    const Heading = `h${Math.min(6, level + 2)}` as keyof JSX.IntrinsicElements;
    return <Heading>{drawAll(tokens, depth)}</Heading>;
  },
  paragraph: ({ tokens }: Tokens.Paragraph, depth) => <p>{drawAll(tokens, depth)}</p>,
  blockquote: ({ tokens }: Tokens.Blockquote, depth) => <blockquote>{drawAll(tokens, depth)}</blockquote>,
  list: ({ ordered, items, start }: Tokens.List, depth) => {
    const rows = items.map((item, at) => (
      <li key={at}>
        {item.task && (
          <input
            type="checkbox"
            checked={item.checked === true}
            disabled
            aria-label={item.checked === true ? "done" : "open"}
          />
        )}
        {drawAll(item.tokens, depth)}
      </li>
    ));
    return ordered ? <ol start={typeof start === "number" ? start : 1}>{rows}</ol> : <ul>{rows}</ul>;
  },
  table: ({ header, rows }: Tokens.Table, depth) => (
    <div class="table-box">
      <table>
        <thead>
          <tr>
            {header.map((cell) => (
              <th scope="col">{drawAll(cell.tokens, depth)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{drawAll(cell.tokens, depth)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ),
};

const INLINE: Readonly<Record<string, Draw<never>>> = {
  text: (token: Tokens.Text, depth) =>
    token.tokens === undefined ? <PlainText text={unescapeEntities(token.text)} /> : drawAll(token.tokens, depth),
  escape: ({ text }: Tokens.Escape) => <PlainText text={unescapeEntities(text)} />,
  strong: ({ tokens }: Tokens.Strong, depth) => <strong>{drawAll(tokens, depth)}</strong>,
  em: ({ tokens }: Tokens.Em, depth) => <em>{drawAll(tokens, depth)}</em>,
  del: ({ tokens }: Tokens.Del, depth) => <del>{drawAll(tokens, depth)}</del>,
  codespan: ({ text }: Tokens.Codespan) => (
    <code>
      <PlainText text={unescapeEntities(text)} />
    </code>
  ),
  br: () => <br />,
  image: ({ text, href }: Tokens.Image) => <PlainText text={`[image: ${text === "" ? href : text}]`} />,
  link: ({ href, tokens }: Tokens.Link, depth) => <InertLink href={href}>{drawAll(tokens, depth)}</InertLink>,
};

/** Does nothing until it is pressed, and then asks with the whole address; only http, https and mailto lead anywhere. */
function InertLink({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (url === undefined || !["http:", "https:", "mailto:"].includes(url.protocol)) {
    return <span title={toSeenText(href)}>{children}</span>;
  }
  const ask = async () => {
    const text = `A hen or its model wrote this link. It leads to ${toSeenText(url.href)}`;
    if (await confirm({ title: "Follow the link?", text, yes: "Open in a new tab" }))
      open(url.href, "_blank", "noopener,noreferrer");
  };
  return (
    <button type="button" class="inert-link" title={toSeenText(url.href)} onClick={() => void ask()}>
      {children}
    </button>
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** The lexer escapes some texts for HTML, which is not made here. */
function unescapeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
