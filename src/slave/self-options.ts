import { readOptions, type ReadOptions, type OptionReader, nonEmptyString } from '../option-rules';
import { type Size, toBytes } from '../units';

/** What a slave can decide about itself, at any time. */
export interface SelfOptions {
  /**
   * The most that one message of this slave may have: bytes or a text such as `'64mb'`; zero or less is without limit. No more than
   * its master has set, which is the default: that is what the master reads.
   */
  maxPayload?: Size;
  /** What `ps` shows for its process; a thread or an inline slave has none of its own. Default: what the master has set. */
  title?: string;
}

/** What holds for a slave: see {@link SelfOptions}. */
export interface ResolvedSelfOptions {
  /** The most that one message of this slave may have, in bytes; `Infinity` without limit. */
  maxPayload: number;
  /** What `ps` shows for its process; undefined when nobody has set it. */
  title: string | undefined;
}

const RULES = { maxPayload: toBytes, title: nonEmptyString } satisfies Record<keyof SelfOptions, OptionReader>;

/** @param limit what the master has set as `maxPayload` @throws TypeError */
export function readSelfOptions(options: SelfOptions, previous: Partial<ResolvedSelfOptions>, limit: number): ReadOptions<typeof RULES> {
  const own = readOptions(options, RULES, previous as ReadOptions<typeof RULES>);
  if (own.maxPayload !== undefined && own.maxPayload > limit)
    throw new TypeError(
      `maxPayload must be at most ${limit}, which is what the master reads, not ${own.maxPayload}. Have the master raise it: createSlave(file, { maxPayload }).`,
    );
  return own;
}
