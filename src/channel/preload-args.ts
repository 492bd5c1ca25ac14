import { pathToFileURL } from 'node:url';
import type { SpawnSpec } from './channel';

/**
 * The Node options that run the entry before the user's file. Node runs every `--require` before every `--import`. If the program uses
 * `--import`, as TypeScript loaders do, the entry must be the last `--import`, so that the loaders are active when it runs.
 */
export function preloadArgs({ entry, execArgv, env }: SpawnSpec): string[] {
  const imports = /(^|\s)--import\b/.test([...execArgv, env.NODE_OPTIONS].join(' '));
  return imports ? ['--import', pathToFileURL(entry).href] : ['--require', entry];
}
