import type { NatsConnection } from '@nats-io/transport-node';
import type { DurablePool } from '../../master/durable';
import { type ExitOptions, readExitMode } from '../../handles/exit-options';
import type { ExitReport } from '../../handles/lifecycle';
import type { Workpool } from '../../patterns/workpool/workpool';
import { DelayedJobs } from './delayed-jobs';
import type { DurableSettings } from './durable-options';
import type { JobStreams } from './job-streams';
import { JobWorker } from './job-worker';
import { StoredQueue } from './stored-queue';

/** A {@link StoredQueue} whose jobs run in a pool of this master. */
export class StoredPool extends StoredQueue implements DurablePool {
  private worker: JobWorker | undefined;
  private delayed: DelayedJobs | undefined;
  private isExiting = false;

  /** @param capacity how many jobs the pool runs at the same time */
  constructor(
    connection: NatsConnection,
    settings: DurableSettings,
    readonly workpool: Workpool,
    private readonly capacity: number,
  ) {
    super(connection, settings);
    this.open().catch((error: unknown) => {
      if (!this.isExiting && !connection.isClosed())
        process.emitWarning(
          `${(error as Error).message} Its pool runs no jobs until the queue is used again or the server is reached again.`,
          {
            type: 'DistIOWarning',
            code: 'DIST_IO_DURABLE_QUEUE',
          },
        );
    });
  }

  async ready(): Promise<void> {
    await this.open();
  }

  async exit(options?: ExitOptions): Promise<ExitReport[]> {
    readExitMode(options);
    this.isExiting = true;
    const stopped = Promise.all([this.delayed?.stop(), this.worker?.stop()]);
    const reports = await this.workpool.exit(options);
    await stopped;
    return reports;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit();
  }

  /** @internal Whether it takes no jobs any more. */
  get hasExited(): boolean {
    return this.isExiting;
  }

  /** @internal Called when the server is reached again. */
  reconnected(): void {
    this.worker?.askAgain();
    this.delayed?.askAgain();
    // It may not have been reached at first. Who uses the queue is told why.
    this.open().catch(() => undefined);
  }

  /** Begins to take jobs once the queue is open. */
  protected override async open(): Promise<JobStreams> {
    const streams = await super.open();
    if (this.worker !== undefined || this.isExiting) return streams;
    const encode = (value: unknown): Buffer => this.encode(value);
    this.worker = new JobWorker(streams, this.workpool, { ...this.settings, capacity: this.capacity }, encode);
    this.delayed = new DelayedJobs(streams, encode, (name, stored) => this.submitOccurrence(streams, name, stored));
    return streams;
  }
}
