import { oneOf, readOptions, type OptionReader } from '../option-rules';

/** How a slave is ended. */
export interface ExitOptions {
  /** `'finish'` lets the pending requests finish first; `'abort'` settles them at once with a `SlaveExitedError` and aborts their tasks. Default: `'finish'`. */
  pending?: 'finish' | 'abort';
}

const RULES = { pending: oneOf('finish', 'abort') } satisfies Record<keyof ExitOptions, OptionReader>;

/** What is to become of the pending requests. @throws TypeError */
export function readExitMode(options: ExitOptions = {}): 'finish' | 'abort' {
  return readOptions(options, RULES).pending ?? 'finish';
}
