import { Snapshot } from '../protocol/snapshot';
import type { Handler, TaskContext } from './handler';
import { Run } from './run';

/** One run of a task that concurrent requests with equal data share. */
export class SingleFlight {
  /** A snapshot of the result, or the value itself if it cannot be sent. Rejects when the task fails. */
  readonly result: Promise<Snapshot | { readonly value: unknown }>;
  private readonly run: Run;
  private readonly waiting = new Set<TaskContext>();

  /** @param first the context of the first request: the handler gets its metadata */
  constructor(task: string, handler: Handler, data: unknown, first: TaskContext) {
    const { requestId: id, attempt, metadata, slave } = first;
    this.waiting.add(first);
    this.run = new Run({ type: 'request', id, task, data, attempt, metadata }, slave, {
      item: () => {
        throw cannotCacheStream(task);
      },
      progress: (_run, value) => this.waiting.forEach(({ progress }) => progress(value)),
      credit: () => undefined,
      cancelInput: () => undefined,
    });
    this.result = new Promise((resolve, reject) => {
      this.run.start(handler, (_run, outcome) => {
        // The snapshot is taken now: the task may change its result after it has completed.
        if (outcome.type === 'value') resolve(snapshotOf(outcome.value));
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a task may throw anything
        else reject(outcome.type === 'end' ? cannotCacheStream(task) : outcome.error);
      });
    });
  }

  /** Whether a request still waits for the result. */
  get hasWaiters(): boolean {
    return this.waiting.size > 0;
  }

  /** Waits for the value. When the last waiting request is cancelled, so is the run. */
  async join(context: TaskContext): Promise<unknown> {
    const { signal } = context;
    this.waiting.add(context);
    signal.addEventListener('abort', () => {
      this.waiting.delete(context);
      if (this.waiting.size === 0) this.run.cancel(signal.reason as Error);
    });
    return (await this.result).value;
  }
}

export function cannotCacheStream(task: string): TypeError {
  return new TypeError(`The task '${task}' streams, and a stream cannot be cached: return an array, or leave out 'cache'.`);
}

function snapshotOf(value: unknown): Snapshot | { value: unknown } {
  try {
    return new Snapshot(value);
  } catch {
    // Sending the value reports why it cannot be sent.
    return { value };
  }
}
