/** Something that remembers and can be told to forget. */
export interface Purgeable {
  /**
   * Forgets what has one of these names: files by their absolute paths, results by the names of their tasks. No name at all means
   * everything.
   *
   * @returns what was freed
   */
  purge(names: { files: readonly string[]; tasks: readonly string[] }): { files: number; results: number; bytes: number };
}
