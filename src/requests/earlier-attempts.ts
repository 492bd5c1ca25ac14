import { DistIOError, QueueFullError, SlaveDiedError, SlaveExitedError, SlavePausedError, SpawnError } from '../errors';

/** The failed attempts of a request, and what they mean for its outcome. */
export class EarlierAttempts {
  private last: Error | undefined;
  private thrown: Error | undefined;
  private executed = false;

  /** An attempt has failed, and another one follows. */
  add(error: Error): void {
    this.last = error;
    if (!(error instanceof DistIOError)) this.thrown = error;
    if (mayHaveExecuted(error)) this.executed = true;
  }

  /** The error to report when the last attempt has failed: `mayHaveExecuted` covers all attempts, `cause` is what an earlier one threw. */
  report(error: Error): Error {
    if (this.last === undefined || !(error instanceof DistIOError)) return error;
    // Refused for want of room: the attempt did not take place.
    if (error instanceof QueueFullError) return this.last;
    if (this.executed && (error instanceof SlaveDiedError || error instanceof SlaveExitedError))
      (error as { mayHaveExecuted: boolean }).mayHaveExecuted = true;
    const cause = this.thrown ?? this.last;
    if (error.cause === undefined && cause !== error)
      Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
    return error;
  }
}

/** Whether an attempt that ended with this error may have run the task. */
function mayHaveExecuted(error: Error): boolean {
  if (error instanceof SlaveDiedError || error instanceof SlaveExitedError) return error.mayHaveExecuted;
  return !(error instanceof SpawnError || error instanceof SlavePausedError || error instanceof QueueFullError);
}
