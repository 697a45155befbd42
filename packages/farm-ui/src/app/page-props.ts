/** What every page gets: the named parts of its address. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}
