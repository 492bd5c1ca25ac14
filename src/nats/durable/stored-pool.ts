import type { NatsConnection } from '@nats-io/transport-node';
import type { DurablePool } from '../../master/durable';
import { type ExitOptions, readExitMode } from '../../handles/exit-options';
import type { ExitReport } from '../../handles/lifecycle';
import type { Workpool } from '../../patterns/workpool/workpool';
import { DelayedJobs } from './delayed-jobs';
import type { DurableSettings } from './durable-options';
import { JobWorker } from './job-worker';
import { StoredQueue } from './stored-queue';

/** A {@link StoredQueue} whose jobs run in a pool of this master. */
export class StoredPool extends StoredQueue implements DurablePool {
  private readonly starting: Promise<void>;
  private worker: JobWorker | undefined;
  private delayed: DelayedJobs | undefined;

  /** @param capacity how many jobs the pool runs at the same time */
  constructor(
    connection: NatsConnection,
    settings: DurableSettings,
    readonly workpool: Workpool,
    capacity: number,
  ) {
    super(connection, settings);
    this.starting = this.start(capacity);
    // Told by ready() and submit().
    this.starting.catch(() => undefined);
  }

  ready(): Promise<void> {
    return this.starting;
  }

  async exit(options?: ExitOptions): Promise<ExitReport[]> {
    readExitMode(options);
    await this.starting.catch(() => undefined);
    const stopped = this.stop();
    const reports = await this.workpool.exit(options);
    await stopped;
    return reports;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit();
  }

  private async start(capacity: number): Promise<void> {
    const streams = await this.open();
    const encode = (value: unknown): Buffer => this.encode(value);
    this.worker = new JobWorker(streams, this.workpool, { ...this.settings, capacity }, encode);
    this.delayed = await DelayedJobs.start(streams, encode, (name, stored) => this.submitOccurrence(streams, name, stored));
  }

  /** @internal Takes no more jobs. Resolves once those that were taken have finished. */
  async stop(): Promise<void> {
    await this.starting.catch(() => undefined);
    await Promise.all([this.delayed?.stop(), this.worker?.stop()]);
  }

  /** @internal Called when the server is reached again. */
  reconnected(): void {
    this.worker?.askAgain();
    void this.delayed?.askAgain();
  }
}
