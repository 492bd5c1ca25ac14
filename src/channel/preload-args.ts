import { pathToFileURL } from 'node:url';
import type { SpawnSpec } from './channel';

/**
 * The options of Node by which the entry runs before the user's file. A `--require` runs before every `--import`, whatever their
 * order; where there are such, such as TypeScript loaders, the entry must be one too, and the last.
 */
export function preloadArgs({ entry, execArgv, env }: SpawnSpec): string[] {
  const imports = /(^|\s)--import\b/.test([...execArgv, env.NODE_OPTIONS].join(' '));
  return imports ? ['--import', pathToFileURL(entry).href] : ['--require', entry];
}
