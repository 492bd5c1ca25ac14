/** What remembers something in this process and can be told to forget it. */
export interface Purgeable {
  /** Forgets what is named; everything, when both lists are empty. @returns what that freed */
  purge(names: { files: readonly string[]; tasks: readonly string[] }): { files: number; results: number; bytes: number };
}
