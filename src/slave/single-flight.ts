import { Snapshot } from '../protocol/snapshot';
import type { Handler, TaskContext } from './handler';
import { Run } from './run';

const HINT = "return an array, or leave out 'cache'.";

/** One run of a task for all who ask the same at the same time. */
export class SingleFlight {
  /** What the task made: a snapshot of it, unless it cannot travel. Rejects when the task fails. */
  readonly result: Promise<Snapshot | { readonly value: unknown }>;
  private readonly run: Run;
  private readonly waiting = new Set<TaskContext>();

  /** @param first who asked first: the handler finds its metadata */
  constructor(task: string, handler: Handler, data: unknown, first: TaskContext) {
    const { requestId: id, attempt, metadata, slave } = first;
    this.waiting.add(first);
    const streams = () => new TypeError(`The task '${task}' streams, and a stream cannot be remembered: ${HINT}`);
    this.run = new Run({ type: 'request', id, task, data, attempt, metadata }, slave, {
      item: () => {
        throw streams();
      },
      progress: (_run, value) => this.waiting.forEach(({ progress }) => progress(value)),
      credit: () => undefined,
      cancelInput: () => undefined,
    });
    this.result = new Promise((resolve, reject) => {
      this.run.start(handler, (_run, outcome) => {
        // The snapshot is taken now: the task may change what it has made as soon as it has told it.
        if (outcome.type === 'value') resolve(snapshotOf(outcome.value));
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a task may throw anything
        else reject(outcome.type === 'end' ? streams() : outcome.error);
      });
    });
  }

  /** Whether anybody still waits for it. */
  get hasWaiters(): boolean {
    return this.waiting.size > 0;
  }

  /** Waits for the value. When the last one who waits gives up, the handler is told. */
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

function snapshotOf(value: unknown): Snapshot | { value: unknown } {
  try {
    return new Snapshot(value);
  } catch {
    // Whoever sends it will be told why it cannot travel.
    return { value };
  }
}
