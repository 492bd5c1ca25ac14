import { oneOf, readOptions, type Rule } from '../rules';

/** How a slave is ended. */
export interface ExitOptions {
  /** `'finish'` lets the pending requests finish first; `'abort'` settles them at once with a `SlaveExitedError`. Default: `'finish'`. */
  pending?: 'finish' | 'abort';
}

const RULES = { pending: oneOf('finish', 'abort') } satisfies Record<keyof ExitOptions, Rule>;

/** What is to become of the pending requests. @throws TypeError */
export function pendingOf(options: ExitOptions = {}): 'finish' | 'abort' {
  return readOptions(options, RULES).pending ?? 'finish';
}
