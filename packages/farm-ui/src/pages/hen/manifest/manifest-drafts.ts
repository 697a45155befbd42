/** A manifest that is being changed: what it was made of, and what it is now. */
export interface Draft {
  readonly base: { readonly text: string; readonly revision: number };
  readonly text: string;
}

const drafts = new Map<string, Draft>();

/** What was being written for this hen when its tab was left; it lasts as long as the page. */
export function draftOf(id: string): Draft | undefined {
  return drafts.get(id);
}

/** Keeps it, or, with undefined or when nothing is changed, lets go of it. */
export function keepDraft(id: string, draft: Draft | undefined): void {
  if (draft === undefined || draft.text === draft.base.text) drafts.delete(id);
  else drafts.set(id, draft);
}
