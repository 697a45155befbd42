import type { Instant, ShellNotice } from "coopd-core";
import type { TerminalSize } from "coopd-sandbox";

/** The part of a WebSocket that a viewer needs. */
export interface ViewerSocket {
  sendBytes(bytes: Uint8Array): void;
  sendText(text: string): void;
  bufferedBytes(): number;
  close(code: number, reason: string): void;
}

/** How a viewer came. */
export interface ViewerParts {
  readonly socket: ViewerSocket;
  readonly credentialId: string | undefined;
  readonly isReadOnly: boolean;
  /** Says how much it has taken, and is told more than the original's page: sizes, and what it may do. */
  readonly hasAcks: boolean;
  readonly since: Instant;
}

/** The contract's largest frame of output (contract/http-api.md §5.2). */
const FRAME_BYTES_MAX = 4096;

/** Above this a viewer is full and the program waits; below the other it takes more. Half a MiB is a second of a fast flood. */
const FULL_BYTES = 512 * 1024;
const FREE_BYTES = 128 * 1024;

/** One attached client. It is sent what it can hold; one that stays full for long is painted anew when it is free again. */
export class Viewer {
  readonly since: Instant;
  readonly isReadOnly: boolean;
  readonly credentialId: string | undefined;
  /** The size that it asked for last. */
  size: TerminalSize | undefined;
  /** It missed output, and gets the whole picture before it gets more. */
  isBehind = false;
  readonly #socket: ViewerSocket;
  readonly #hasAcks: boolean;
  #unackedBytes = 0;
  #isGone = false;

  constructor({ socket, credentialId, isReadOnly, hasAcks, since }: ViewerParts) {
    this.credentialId = credentialId;
    this.#socket = socket;
    this.#hasAcks = hasAcks;
    this.isReadOnly = isReadOnly;
    this.since = since;
  }

  get isFull(): boolean {
    return !this.#isGone && this.#waitingBytes() > FULL_BYTES;
  }

  get isFree(): boolean {
    return this.#waitingBytes() < FREE_BYTES;
  }

  output(bytes: Uint8Array): void {
    if (this.#isGone) return;
    if (this.#hasAcks) this.#unackedBytes += bytes.length;
    for (let from = 0; from < bytes.length; from += FRAME_BYTES_MAX) {
      this.#socket.sendBytes(bytes.subarray(from, from + FRAME_BYTES_MAX));
    }
  }

  /** It took so many bytes more; more than it was sent counts as all of it. */
  acked(bytes: number): void {
    this.#unackedBytes = Math.max(0, this.#unackedBytes - bytes);
  }

  /** Only for a client that understands it; `exit` and `error` have {@link finish}. */
  tell(notice: ShellNotice): void {
    if (this.#hasAcks && !this.#isGone) this.#socket.sendText(JSON.stringify(notice));
  }

  /** The last frame, and the close. */
  finish(notice: ShellNotice): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#socket.sendText(JSON.stringify(notice));
    this.#socket.close(1000, "");
  }

  /** The client left. */
  leave(): void {
    this.#isGone = true;
  }

  #waitingBytes(): number {
    return Math.max(this.#unackedBytes, this.#socket.bufferedBytes());
  }
}
