/**
 * Completes a task: `done(value)` with its result, or `done(error)` with an `Error`. It also works as a Node-style callback:
 * `done(null, value)` completes with the value. Only the first completion of a task counts, whether by `done`, `return` or `throw`.
 */
export type Done<Result = unknown> = (...outcome: [result?: Result | Error] | [error: Error | null | undefined, result: Result]) => void;
