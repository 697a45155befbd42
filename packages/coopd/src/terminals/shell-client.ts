import { CoopError, type HenId, parseHenId, parseShellRequest, toCoopError } from "coopd-core";
import type { Attachment, AttachRequest, Terminals } from "./terminals.ts";
import type { ViewerSocket } from "./viewer.ts";

/** Frames that came before the terminal was open are kept up to this, bytes: what a hasty client types first. */
const EARLY_BYTES_MAX = 262_144;

/** One client of `/hens/:id/shell`, from its upgrade to its close (contract/http-api.md §5.2). */
export class ShellClient {
  readonly #socket: ViewerSocket;
  readonly #early: (string | Uint8Array)[] = [];
  #earlyBytes = 0;
  #attachment: Attachment | undefined;
  #isGone = false;

  constructor(socket: ViewerSocket) {
    this.#socket = socket;
  }

  /** The upgrade has succeeded whatever the id; what is wrong arrives as an `error` frame. */
  async attach(terminals: Terminals, id: string, request: AttachRequest): Promise<void> {
    try {
      this.#attachment = await terminals.attach(parseHenId(id) satisfies HenId, this.#socket, request);
      if (this.#isGone) return this.left();
      for (const frame of this.#early.splice(0)) this.message(frame);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Bytes are keys, text is a size or an ack. */
  message(frame: string | Uint8Array): void {
    if (this.#attachment === undefined) {
      this.#keep(frame);
      return;
    }
    try {
      act(this.#attachment, frame);
    } catch (error) {
      this.#refuse(error);
      this.left();
    }
  }

  drained(): void {
    if (this.#attachment !== undefined) this.#attachment.terminal.stirred(this.#attachment.viewer);
  }

  left(): void {
    this.#isGone = true;
    if (this.#attachment !== undefined) this.#attachment.terminal.leave(this.#attachment.viewer);
  }

  #keep(frame: string | Uint8Array): void {
    this.#earlyBytes += frame.length;
    if (this.#earlyBytes <= EARLY_BYTES_MAX) this.#early.push(typeof frame === "string" ? frame : frame.slice());
    else this.#refuse(new CoopError("limit_reached", "too much was typed before the terminal was open"));
  }

  #refuse(thrown: unknown): void {
    const { message, next } = toCoopError(thrown);
    const text = next === undefined ? message : `${message}. ${next}`;
    this.#socket.sendText(JSON.stringify({ type: "error", message: text }));
    this.#socket.close(1000, "");
  }
}

function act({ terminal, viewer }: Attachment, frame: string | Uint8Array): void {
  if (typeof frame !== "string") {
    terminal.typed(viewer, frame);
    return;
  }
  const request = parseShellRequest(frame);
  if (request?.type === "resize") terminal.resize(viewer, request);
  if (request?.type !== "ack") return;
  viewer.acked(request.bytes);
  terminal.stirred(viewer);
}
