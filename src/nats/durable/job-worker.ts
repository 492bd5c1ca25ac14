import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { NoSlaveError, QueueFullError, SlaveExitedError, SlavePausedError, TimeoutError } from '../../errors';
import type { JobPriority } from '../../master/durable';
import type { Workpool } from '../../patterns/workpool/workpool';
import { performance } from '../../performance';
import { clearTimeout, setTimeout, wallClock } from '../../platform';
import { hasNotRun } from '../../requests/retries';
import { pauseBefore } from '../../supervision/backoff';
import type { DurableSettings } from './durable-options';
import { readJob } from './job-codec';
import { type JobRecord, PRIORITIES, type StoredDeadJob, type StoredJob } from './job-records';
import { type JobStreams, REDELIVER_AFTER } from './job-streams';
import { pause, retried } from './retried';

/** In ms: how long one question for jobs waits for them. */
const FETCH = 10_000;

/** In ms: the pause before the server is asked again after an error, and before a job that the pool refused is delivered again. */
const RETRY = 500;

/** How often a pool that exits tries to reach a server that does not answer. */
const LAST_TRIES = 3;

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
  private keepAliveTimer: NodeJS.Timeout | undefined;
  /** In ms, a moving average: the time from one job's end to the next one's. */
  private interval = AHEAD;
  private endedAt = performance.now();
  private isStopping = false;
  private hasStopped = false;

  constructor(
    private readonly streams: JobStreams,
    private readonly pool: Workpool,
    private readonly settings: WorkerSettings,
    private readonly encode: (value: unknown) => Buffer,
  ) {
    void this.keepAlive();
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
    this.hasStopped = true;
    clearTimeout(this.keepAliveTimer);
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
        await pause(RETRY);
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
    const mayBeKnown = message.redelivered || job.isKeyed || job.dueAt !== null;
    const record = mayBeKnown ? (await this.answered(() => this.streams.record(job.id)))?.value : undefined;
    const { deliveryCount } = message.info;
    // It has finished, and the acknowledgement was lost; or it was submitted or moved twice.
    if (record?.state === 'done' || record?.state === 'dead') return message.ack();
    // A delivery of which nothing is known may have run: its master was lost.
    const attempts = record?.state === 'waiting' ? record.attempts + deliveryCount - 1 - record.deliveries : deliveryCount - 1;
    if (attempts >= this.settings.maxAttempts) return this.bury(message, job, attempts, new Error(LOST));
    await this.attempt(message, job, attempts);
  }

  private async attempt(message: JsMsg, job: StoredJob, before: number): Promise<void> {
    const { deliveryCount: deliveries } = message.info;
    const priority = PRIORITIES.length - PRIORITIES.indexOf(job.priority);
    const { ok, error, value } = await this.pool
      .do(job.task, job.data, { priority, rejectOnError: false })
      .catch((error: unknown) => ({ ok: false as const, error: error as Error, value: undefined }));
    if (ok) {
      const failure = await this.store(job.id, { state: 'done', attempts: before + 1, value });
      return failure === undefined ? message.ack() : this.bury(message, job, before + 1, failure);
    }
    const counts = isAttempt(error);
    const attempts = before + (counts ? 1 : 0);
    if (attempts >= this.settings.maxAttempts) return this.bury(message, job, attempts, error);
    await this.store(job.id, { state: 'waiting', attempts, deliveries });
    // The server refuses fractions.
    message.nak(counts ? Math.ceil(pauseBefore(attempts, this.settings.backoff, Math.random())) : RETRY);
  }

  /** The dead letter is stored first: what ends this program before the acknowledgement makes it be stored again, not lost. */
  private async bury(message: JsMsg, job: StoredJob, attempts: number, error: Error): Promise<void> {
    const letterOf = (error: Error): StoredDeadJob => ({ job, attempts, error, diedAt: wallClock() });
    const tooLarge = await this.publish(this.streams.subject('dead', job.id), letterOf(error));
    const kept = tooLarge === undefined ? error : shortened(error);
    if (tooLarge !== undefined) await this.publish(this.streams.subject('dead', job.id), letterOf(kept));
    await this.store(job.id, { state: 'dead', attempts, error: kept });
    message.ack();
  }

  /** @returns the error of a value that cannot be stored */
  private store(id: string, record: JobRecord): Promise<Error | undefined> {
    return this.publish(this.streams.subject('results', id), record);
  }

  /** @returns the error of a value that cannot be stored */
  private async publish(subject: string, value: unknown): Promise<Error | undefined> {
    let payload: Buffer;
    try {
      payload = this.encode(value);
    } catch (error) {
      return error as Error;
    }
    await this.answered(() => this.streams.client.publish(subject, payload));
    return undefined;
  }

  /** Tries until the server has answered: it may be restarting. A pool that exits gives up, and another master runs the job again. */
  private answered<Result>(call: () => Promise<Result>): Promise<Result> {
    return retried(call, (_, tries) => !this.streams.connection.isClosed() && (!this.isStopping || tries < LAST_TRIES));
  }

  /**
   * Tells the server three times within `redeliverAfter` that the jobs go on. Otherwise it would give a long one to another master while it
   * still runs here. Another master may have changed that time.
   */
  private async keepAlive(): Promise<void> {
    let redeliverAfter = this.settings.redeliverAfter ?? REDELIVER_AFTER;
    while (!this.hasStopped && !this.streams.connection.isClosed()) {
      for (const message of this.held) message.working();
      redeliverAfter = await this.streams.redeliverAfter().catch(() => redeliverAfter);
      await new Promise((resolve) => (this.keepAliveTimer = setTimeout(resolve, redeliverAfter / 3).unref()));
    }
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

/** Whether a failure counts: the pool has begun with the job, and nobody asked its slave to end. */
function isAttempt(error: Error): boolean {
  if (hasNotRun(error) || error instanceof SlaveExitedError || error instanceof SlavePausedError) return false;
  if (error instanceof TimeoutError) return error.phase === 'running';
  return !(error instanceof NoSlaveError || error instanceof QueueFullError);
}

/** An error without what may be large. */
function shortened({ name, message }: Error): Error {
  return Object.assign(new Error(message.slice(0, 1000)), { name });
}
