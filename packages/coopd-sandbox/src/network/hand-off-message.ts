/** One socket that the helper binds: `tcp` listens, `udp` receives. IPv4. */
export interface ListenRequest {
  readonly kind: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

/** What the helper says: with `at` comes the bound handle of that request; `done` when all have been sent. */
export type HandOffMessage =
  | { readonly at: number }
  | { readonly done: true }
  | { readonly failed: string; readonly request: ListenRequest };

/** As an argument: `tcp:127.0.0.1:3128`. */
export function toArgument({ kind, address, port }: ListenRequest): string {
  return `${kind}:${address}:${port}`;
}

/** @throws Error when it is not one of {@link toArgument}. */
export function fromArgument(text: string): ListenRequest {
  const [, kind, address = "", port = ""] = /^(tcp|udp):([\d.]+):(\d+)$/.exec(text) ?? [];
  if (kind !== "tcp" && kind !== "udp") throw new Error(`${JSON.stringify(text)} is not a socket`);
  return { kind, address, port: Number(port) };
}
