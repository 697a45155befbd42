import type { Operation } from "./operation.ts";
import { wholeNumber, yesNo } from "./query-parameters.ts";

/** `/terminals` and `/hens/:id/shell…`. */
export const TERMINAL_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/terminals",
    summary: "Live terminals: what runs in each, who watches, since when",
    status: 200,
    answers: "terminals, by hen id",
    schema: "Terminals",
  },
  {
    method: "get",
    path: "/api/v1/hens/{id}/shell",
    scope: "operate",
    summary:
      "The hen's terminal over a WebSocket: bytes as binary frames, sizes and the end as text; see docs/terminals.md",
    query: {
      read_only: yesNo("true only watches, and opens no terminal"),
      acks: yesNo("true: the client says how much it has taken, and is told sizes"),
      cols: wholeNumber("its columns, with rows; at most 65535"),
      rows: wholeNumber("its rows, with cols; at most 65535"),
    },
    status: 101,
    answers: "switching protocols; what is wrong comes as an error frame",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/shell/send",
    scope: "operate",
    summary: "Type a text, keys by name, and Enter into the hen's terminal, opening it where there is none",
    body: { "application/json": { schema: { $ref: "#/components/schemas/SendRequest" } } },
    status: 200,
    answers: "ok: the terminal has it",
    schema: "Ok",
  },
];
