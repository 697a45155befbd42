/** One of the two outputs: a terminal that a person looks at, or a pipe or file. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** The cursor can be moved, so that a line may be drawn over. */
  readonly canRedraw: boolean;
  /** Its width just now; infinite where nobody looks. */
  columns(): number;
}
