/**
 * Whether a signal is ending the program. What fails only because its slaves are ending then stays pending: the program is over before
 * it could handle an error, and one that it does not handle would end it early, with tasks half done.
 */
export const programEnd = { isUnderWay: false };
