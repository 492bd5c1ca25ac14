/** `retries` for a task that may fail in any way. */
export const alwaysRetry = (times: number): { times: number; on: () => boolean } => ({ times, on: () => true });
