import {
  admit,
  type Clock,
  CoopError,
  type Hen,
  type HenId,
  henNotFound,
  type Manifest,
  type ModelBook,
  type Store,
  toInstant,
} from "coopd-core";
import { type ManifestFault, parseManifestBytes } from "coopd-core/manifest";
import type { SecretGuard } from "../brains/secret-guard.ts";
import type { ManifestParts } from "../http/manifest-parts.ts";
import { assertAttachments, attachmentsOf } from "./attachments.ts";
import type { Pens } from "./pens.ts";
import { readHen } from "./read-hen.ts";

/** What replacing manifests needs. */
export interface ManifestsParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly models: ModelBook;
  /** Says whether its keys may go where they would be sent. */
  readonly secrets: SecretGuard;
  /** Tells the dispatcher that a hen may run more at once. */
  readonly ring: () => void;
}

/** agent.yaml as it was written, and which revision of it that is. */
export interface ManifestText {
  readonly text: string;
  readonly revision: number;
}

/** What a check found; without faults the manifest could be created as it is. */
export interface ManifestCheck {
  readonly ok: boolean;
  readonly faults: readonly ManifestFault[];
  readonly warnings: readonly ManifestFault[];
  readonly manifest: Manifest | null;
}

const NOWHERE = { line: 1, column: 1, path: "network" } as const;

/** Reads, checks and replaces the manifests of hens that are there. */
export class Manifests {
  readonly #parts: ManifestsParts;

  constructor(parts: ManifestsParts) {
    this.#parts = parts;
  }

  /** @throws CoopError `hen_not_found` */
  async read(id: HenId): Promise<ManifestText> {
    // The text is read between two looks at the revision, so that the pair belongs together.
    for (;;) {
      const { manifest_revision: revision } = await readHen(this.#parts.store, id);
      const text = await this.#parts.store.manifestText(id);
      if (text === undefined) throw henNotFound(id);
      if ((await readHen(this.#parts.store, id)).manifest_revision === revision) return { text, revision };
    }
  }

  /** Looks at a manifest without making anything of it; what is wrong with it is an answer, not a refusal. */
  check(bytes: Uint8Array): ManifestCheck {
    try {
      const { manifest, warnings } = parseManifestBytes(bytes);
      return { ok: true, faults: [], warnings, manifest };
    } catch (error) {
      if (!(error instanceof CoopError) || error.code !== "manifest_invalid") throw error;
      return { ok: false, faults: error.details?.faults as ManifestFault[], warnings: [], manifest: null };
    }
  }

  /**
   * Puts another manifest in the place of revision `revision`. It holds from the next job, its network at once. A file that
   * it names and that was not sent along is the one that the hen has.
   * @throws CoopError `hen_not_found`, `manifest_invalid`, `revision_conflict`, `walls_missing`, `brain_unsupported`, `secret_not_allowed`, `hen_busy`, `hen_archived`
   */
  async replace(
    id: HenId,
    revision: number,
    { manifest: bytes, attachments }: ManifestParts,
  ): Promise<{ readonly hen: Hen; readonly warnings: readonly ManifestFault[] }> {
    const { store, pens, clock, ring, secrets } = this.#parts;
    const hen = await readHen(store, id);
    const { manifest, warnings } = parseManifestBytes(bytes);
    const files = { ...(await this.#kept(id, manifest)), ...attachments };
    assertAttachments(manifest, files);
    secrets.check(manifest);
    admit({ action: "manifest", hen, next: manifest, walls: pens.walls, models: this.#parts.models });
    const put = await store.putManifest({
      id,
      revision,
      manifest,
      manifestText: new TextDecoder().decode(bytes),
      attachments: files,
      at: toInstant(clock.nowMs()),
    });
    const less = await pens.applyNetwork(id);
    ring();
    return { hen: put, warnings: less === undefined ? warnings : [...warnings, { ...NOWHERE, message: less }] };
  }

  async #kept(id: HenId, manifest: Manifest): Promise<Record<string, string>> {
    const kept: Record<string, string> = {};
    for (const name of attachmentsOf(manifest)) {
      const text = await this.#parts.store.attachment(id, name);
      if (text !== undefined) kept[name] = text;
    }
    return kept;
  }
}
