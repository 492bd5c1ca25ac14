import { readOptions, type ReadOptions, type OptionReader, nonEmptyString } from '../option-rules';
import { type Size, toBytes } from '../units';

/** Options that a slave can set for itself, at any time. */
export interface SelfOptions {
  /**
   * The maximum size of a message from this slave: bytes or a string such as `'64mb'`; zero or less is without limit. It cannot exceed the
   * `maxPayload` of its master, which is the default.
   */
  maxPayload?: Size;
  /** The title of its process, as `ps` shows it; threads and inline slaves have no title. Default: the `title` that the master has set. */
  title?: string;
}

/** The {@link SelfOptions} in effect. */
export interface ResolvedSelfOptions {
  /** The maximum size of a message from this slave, in bytes; `Infinity` without limit. */
  maxPayload: number;
  /** The title of its process, as `ps` shows it; undefined if it was not set. */
  title: string | undefined;
}

const RULES = { maxPayload: toBytes, title: nonEmptyString } satisfies Record<keyof SelfOptions, OptionReader>;

/**
 * @param limit the master's `maxPayload`, in bytes
 * @throws TypeError for an unknown option or a wrong value
 */
export function readSelfOptions(options: SelfOptions, previous: Partial<ResolvedSelfOptions>, limit: number): ReadOptions<typeof RULES> {
  const resolved = readOptions(options, RULES, previous as ReadOptions<typeof RULES>);
  if (resolved.maxPayload !== undefined && resolved.maxPayload > limit)
    throw new TypeError(
      `maxPayload must be at most ${limit}, the limit of the master, not ${resolved.maxPayload}. Raise it in the master: createSlave(file, { maxPayload }).`,
    );
  return resolved;
}
