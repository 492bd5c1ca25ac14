import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { NoSlaveError, QueueFullError } from '../../errors';
import type { JobPriority } from '../../master/durable';
import type { Workpool } from '../../patterns/workpool/workpool';
import { performance } from '../../performance';
import { clearTimeout, setTimeout, wallClock } from '../../platform';
import { pauseBefore } from '../../supervision/backoff';
import type { DurableSettings } from './durable-options';
import { readJob } from './job-codec';
import { type JobRecord, PRIORITIES, type StoredDeadJob, type StoredJob } from './job-records';
import type { JobStreams } from './job-streams';

/** In ms: how long one question for jobs waits for them. */
const FETCH = 10_000;

/** In ms: the pause before the server is asked again after an error. */
const RETRY = 500;

/** The settings of a {@link JobWorker}. */
export interface WorkerSettings extends DurableSettings {
  /** How many jobs its pool runs at the same time. */
  readonly capacity: number;
}

/** In ms: for how long there is work with the jobs that are taken ahead. Longer than the way to the server and back. */
const AHEAD = 20;

/** How many jobs are taken ahead, at most: those of a master that is lost wait for `redeliverAfter`. */
const MAX_AHEAD = 256;

/**
 * Takes jobs from the server: those that its pool can run, as many again, and more of them while they are short, so that no slave waits for the next
 * one.
 */
export class JobWorker {
  private readonly held = new Set<JsMsg>();
  private readonly heldOf: Record<JobPriority, number> = { high: 0, normal: 0, low: 0 };
  private readonly fetches = new Set<ConsumerMessages>();
  private readonly waits = new Set<() => void>();
  private readonly loops: Promise<unknown>;
  private keepAlive: NodeJS.Timeout | undefined;
  /** In ms, a moving average: the time from one job's end to the next one's. */
  private interval = AHEAD;
  private endedAt = performance.now();
  private isStopping = false;

  constructor(
    private readonly streams: JobStreams,
    private readonly pool: Workpool,
    private readonly settings: WorkerSettings,
    private readonly encode: (value: unknown) => Buffer,
  ) {
    this.extendLater();
    this.loops = Promise.all(PRIORITIES.map((priority) => this.take(priority)));
  }

  /** Asks the server anew: it has forgotten what was asked before it was reached again. */
  askAgain(): void {
    for (const fetch of this.fetches) void fetch.close();
  }

  /** Takes no more jobs, and waits for those that it has taken. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wakeAll();
    // What the server has sent until now arrives first. What is thrown away would wait for `redeliverAfter`.
    await this.streams.connection.flush().catch(() => undefined);
    this.askAgain();
    await this.loops;
    while (this.held.size > 0) await this.change();
    clearTimeout(this.keepAlive);
    await this.streams.connection.flush().catch(() => undefined);
  }

  private async take(priority: JobPriority): Promise<void> {
    const { capacity } = this.settings;
    let consumer: Consumer | undefined;
    while (!this.isStopping && !this.streams.connection.isClosed()) {
      const ahead = Math.max(capacity, Math.min(MAX_AHEAD, Math.round(AHEAD / this.interval)));
      const room = capacity + ahead - this.heldOf[priority];
      if (room < ahead / 2) {
        await this.change();
        continue;
      }
      try {
        consumer ??= await this.streams.consumer(priority);
        await this.fetch(consumer, priority, room);
      } catch {
        consumer = undefined;
        await this.pause();
      }
    }
  }

  private async fetch(consumer: Consumer, priority: JobPriority, count: number): Promise<void> {
    const messages = await consumer.fetch({ max_messages: count, expires: FETCH });
    this.fetches.add(messages);
    if (this.isStopping) void messages.close();
    try {
      for await (const message of messages) void this.hold(message, priority);
    } finally {
      this.fetches.delete(messages);
    }
  }

  private async hold(message: JsMsg, priority: JobPriority): Promise<void> {
    this.held.add(message);
    this.heldOf[priority]++;
    await this.run(message).catch(() => message.nak(RETRY));
    this.held.delete(message);
    const now = performance.now();
    // A pause without work is not the time of a job.
    this.interval += (Math.min(AHEAD, now - this.endedAt) - this.interval) / 16;
    this.endedAt = now;
    this.heldOf[priority]--;
    this.wakeAll();
  }

  private async run(message: JsMsg): Promise<void> {
    const job = readJob(message);
    // Nobody can run it, and it would come again for ever.
    if (job === undefined) return message.term('not a job of dist-io');
    const record = message.redelivered || job.isKeyed ? (await this.streams.record(job.id))?.value : undefined;
    const { deliveryCount } = message.info;
    // It has finished, and the acknowledgement was lost; or it was submitted twice.
    if (record?.state === 'done' || (record?.state === 'dead' && message.redelivered)) return message.ack();
    // A delivery of which nothing is known may have run: its master was lost.
    const attempts = record?.state === 'waiting' ? record.attempts + deliveryCount - 1 - record.deliveries : deliveryCount - 1;
    if (attempts >= this.settings.maxAttempts) return this.bury(message, job, attempts, new Error(LOST));
    await this.attempt(message, job, attempts);
  }

  private async attempt(message: JsMsg, job: StoredJob, before: number): Promise<void> {
    const { deliveryCount: deliveries } = message.info;
    const priority = PRIORITIES.length - PRIORITIES.indexOf(job.priority);
    const { ok, error, value } = await this.pool.do(job.task, job.data, { priority });
    if (ok) {
      const failure = await this.store(job.id, { state: 'done', attempts: before + 1, value });
      return failure === undefined ? message.ack() : this.bury(message, job, before + 1, failure);
    }
    const hasRun = !isRefusal(error);
    const attempts = before + (hasRun ? 1 : 0);
    if (attempts >= this.settings.maxAttempts) return this.bury(message, job, attempts, error);
    await this.store(job.id, { state: 'waiting', attempts, deliveries });
    message.nak(hasRun ? pauseBefore(attempts, this.settings.backoff, Math.random()) : RETRY);
  }

  /** The dead letter is stored first: what ends this program before the acknowledgement makes it be stored again, not lost. */
  private async bury(message: JsMsg, job: StoredJob, attempts: number, error: Error): Promise<void> {
    const letter: StoredDeadJob = { job, attempts, error, diedAt: wallClock() };
    await this.publish(this.streams.subject('dead', job.id), this.encode(letter));
    await this.store(job.id, { state: 'dead', attempts, error });
    message.ack();
  }

  /** @returns the error of a value that cannot be stored */
  private async store(id: string, record: JobRecord): Promise<Error | undefined> {
    let payload: Buffer;
    try {
      payload = this.encode(record);
    } catch (error) {
      return error as Error;
    }
    await this.publish(this.streams.subject('results', id), payload);
    return undefined;
  }

  /** Tries until the server has stored it: it may be restarting. */
  private async publish(subject: string, payload: Buffer): Promise<void> {
    for (;;) {
      try {
        await this.streams.client.publish(subject, payload);
        return;
      } catch (error) {
        if (this.streams.connection.isClosed()) throw error;
        await this.pause();
      }
    }
  }

  /** Tells the server that the jobs go on. Otherwise it would give a long one to another master while it still runs here. */
  private extendLater(): void {
    this.keepAlive = setTimeout(() => {
      if (this.streams.connection.isClosed()) return;
      for (const message of this.held) message.working();
      this.extendLater();
    }, this.settings.redeliverAfter / 3).unref();
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, RETRY));
  }

  /** Waits until a job has finished. */
  private change(): Promise<void> {
    return new Promise((resolve) => this.waits.add(resolve));
  }

  private wakeAll(): void {
    for (const resolve of this.waits) resolve();
    this.waits.clear();
  }
}

const LOST = 'each of its attempts ended without a result, since the master that ran it ended or lost its connection';

/** Whether the pool did not begin with a job: its slaves have ended, or its queue is full. */
function isRefusal(error: Error & { mayHaveExecuted?: boolean }): boolean {
  return error.mayHaveExecuted === false || error instanceof NoSlaveError || error instanceof QueueFullError;
}
