import { oneOf, readOptions, type OptionReader } from '../option-rules';

/** The options of `exit`. */
export interface ExitOptions {
  /**
   * The pending requests: `'finish'` lets them finish first, `'abort'` settles them at once with a `SlaveExitedError` and aborts their
   * tasks. Default: `'finish'`.
   */
  pending?: 'finish' | 'abort';
}

const RULES = { pending: oneOf('finish', 'abort') } satisfies Record<keyof ExitOptions, OptionReader>;

/** Reads and validates `pending`. @throws TypeError */
export function readExitMode(options: ExitOptions = {}): 'finish' | 'abort' {
  return readOptions(options, RULES).pending ?? 'finish';
}
