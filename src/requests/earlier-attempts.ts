import { DistIOError, PoisonTaskError, QueueFullError, SlaveDiedError, SlavePausedError, SpawnError } from '../errors';

/** The failed attempts of a request, and their effect on its outcome. */
export class EarlierAttempts {
  private last: Error | undefined;
  private thrown: Error | undefined;
  private executed = false;
  /** How many of them in a row, up to the last, ended with the death of their slave. */
  private deaths = 0;

  /** An attempt has failed, and another one follows. */
  add(error: Error): void {
    this.last = error;
    if (!(error instanceof DistIOError)) this.thrown = error;
    if (mayHaveExecuted(error)) {
      this.executed = true;
      this.deaths = isDeath(error) ? this.deaths + 1 : 0;
    }
  }

  /** The error to report when the last attempt has failed: `mayHaveExecuted` covers all attempts, `cause` is what an earlier one threw. */
  report(task: string, error: Error): Error {
    if (this.last === undefined || !(error instanceof DistIOError)) return error;
    // The slave's queue was full: the attempt did not take place.
    if (error instanceof QueueFullError) return this.last;
    if (this.executed && 'mayHaveExecuted' in error) (error as { mayHaveExecuted: boolean }).mayHaveExecuted = true;
    // An attempt that could not follow leaves the error of the last one.
    const deaths = error === this.last ? this.deaths : this.deaths + 1;
    if (isDeath(error) && deaths > 1) return new PoisonTaskError(task, deaths, error);
    const cause = this.thrown ?? this.last;
    if (error.cause === undefined && cause !== error)
      Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
    return error;
  }
}

/** Whether the slave has died while it may have run the task. */
function isDeath(error: Error): boolean {
  return error instanceof SlaveDiedError && error.mayHaveExecuted;
}

/** Whether an attempt that ended with this error may have run the task. */
function mayHaveExecuted(error: Error): boolean {
  if ('mayHaveExecuted' in error) return error.mayHaveExecuted === true;
  return !(error instanceof SpawnError || error instanceof SlavePausedError || error instanceof QueueFullError);
}
