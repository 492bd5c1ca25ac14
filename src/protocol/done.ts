/**
 * What a task calls to complete: `done(value)` with its result, or `done(error)` with an `Error`. Only the first completion
 * of a task counts, whichever way it came.
 */
export type Done<Result = unknown> = (result?: Result | Error) => void;
