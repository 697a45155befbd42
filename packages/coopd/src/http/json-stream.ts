/**
 * A JSON array of rows that are read page by page as the client takes them, so that a list of any length needs the
 * memory of one page and is never truncated. An error while reading breaks the connection off: half a list must not
 * look like a whole one.
 */
export function toJsonStream<Row>(readPage: (after: Row | undefined) => Promise<readonly Row[]>): Response {
  const encoder = new TextEncoder();
  let last: Row | undefined;
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const rows = await readPage(last);
      const text = rows.map((row) => JSON.stringify(row)).join(",");
      const lead = isFirst ? "[" : rows.length > 0 ? "," : "";
      isFirst = false;
      last = rows.at(-1);
      controller.enqueue(encoder.encode(rows.length === 0 ? `${lead}]` : lead + text));
      if (rows.length === 0) controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}
