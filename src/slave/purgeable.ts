/** A cache in this process that a master can purge. */
export interface Purgeable {
  /**
   * Removes the named entries, or all entries if both lists are empty.
   *
   * @returns the number of entries removed, and their size in bytes
   */
  purge(names: { files: readonly string[]; tasks: readonly string[] }): { files: number; results: number; bytes: number };
}
