/** Loads a module at its first use, and keeps it: `require` takes microseconds even for a module that is loaded. */
export function lazily<Module>(load: () => Module): () => Module {
  let loaded: Module | undefined;
  return () => (loaded ??= load());
}
