/** How a file reaches another one: by an import, a type, at run time, or as a worker's URL. */
export interface SourceImport {
  readonly kind: "import" | "dynamic" | "url";
  readonly specifier: string;
  readonly line: number;
}

/** Something a file exports under a name of its own; re-exports are imports. */
export interface SourceExport {
  readonly name: string;
  readonly line: number;
  readonly hasDoc: boolean;
}

/** A function and its length in lines, doc comment not counted. `isSuite` marks what is handed to `describe`. */
export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly isSuite: boolean;
}

/** What the rules need to know of one source file; lines count from 1. */
export interface SourceFacts {
  readonly imports: readonly SourceImport[];
  readonly exports: readonly SourceExport[];
  readonly functions: readonly SourceFunction[];
  /** Lines with `export default`. */
  readonly defaultExports: readonly number[];
  /** Lines that read the environment: `process.env`, `Bun.env`, `import.meta.env`, `env` from node:process. */
  readonly environmentReads: readonly number[];
  /** Lines that use `console`. */
  readonly consoleUses: readonly number[];
}
