/**
 * Whether a signal is ending the program. Requests that fail only because the slaves are ending then stay pending: the
 * program ends before it could handle an error, and an unhandled one would end it early, with tasks half done.
 */
export const programEnd = { isUnderWay: false };
