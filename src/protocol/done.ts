/**
 * Completes a task: `done(value)` with its result, or `done(error)` with an `Error`. It may also be passed where Node expects a callback:
 * `done(null, value)` completes with the value. The first completion of a task counts, whichever way it came.
 */
export type Done<Result = unknown> = (...outcome: [result?: Result | Error] | [error: Error | null | undefined, result: Result]) => void;
