import { type NatsConnection, nuid } from '@nats-io/transport-node';
import { DistIOError, DurableQueueError, JobFailedError, PayloadTooLargeError, UnknownJobError } from '../../errors';
import type { DeadJob, DurableQueue, QueueCounts, Recurrence, SubmitOptions } from '../../master/durable';
import { abortSignal, nonEmptyString, readOptions } from '../../option-rules';
import { Date, wallClock } from '../../platform';
import { onAbort } from '../../requests/on-abort';
import { type DurableSettings, isJobId, readName, readSubmitOptions } from './durable-options';
import { encodeJob, readRecord } from './job-codec';
import { type JobRecord, PRIORITIES, type StoredJob, type StoredSchedule } from './job-records';
import { JobStreams } from './job-streams';
import { nextOccurrence, readRecurrence } from './recurrence';
import { isUnanswered, retried } from './retried';
import { Wake } from './wake';

/** In ms: how often a caller that waits for a result looks, in case that it missed the message. */
const LOOK_AGAIN = 5000;

/** In ms: how long a caller waits for a result before it looks whether there is such a job. */
const FIRST_LOOK = 200;

/** How often what may be done twice is tried while the server does not answer. A try takes up to 5 seconds. */
const TRIES = 6;

/** In bytes: what the server counts besides the payload. */
const HEADERS = 1024;

/** In bytes: what a dead letter has besides its job. Otherwise a job could be stored, and not its failure. */
const LETTER = 8 * 1024;

/** A {@link DurableQueue} on JetStream. */
export class StoredQueue implements DurableQueue {
  private opening: Promise<JobStreams> | undefined;

  constructor(
    protected readonly connection: NatsConnection,
    protected readonly settings: DurableSettings,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  async submit(task: string, data?: unknown, options: SubmitOptions = {}): Promise<string> {
    const { key, priority = 'normal', delay = 0 } = readSubmitOptions(task, options);
    const id = key ?? nuid.next();
    const dueAt = delay > 0 ? wallClock() + delay : null;
    const job: StoredJob = { id, task, data, priority, isKeyed: key !== undefined, dueAt, schedule: null };
    const payload = this.encode(job, LETTER);
    const streams = await this.open();
    return this.told(async () => {
      if (key !== undefined && (await this.isKnown(streams, key))) return id;
      const subject = streams.jobSubject(id, dueAt === null ? priority : 'delayed');
      const { duplicate, seq } = await streams.client.publish(subject, payload, { msgID: id });
      // The server remembers ids for two minutes: also that of a job which has finished, and whose result is not kept any more.
      if (duplicate && key !== undefined && !(await this.isKnown(streams, key)))
        await streams.client.publish(subject, payload, { msgID: `${id} ${seq}` });
      return id;
    });
  }

  async result(id: string, options: { signal?: AbortSignal } = {}): Promise<unknown> {
    const { signal } = readOptions(options, { signal: abortSignal });
    signal?.throwIfAborted();
    this.checkId(id);
    if (signal === undefined) return this.wait(id);
    return new Promise((resolve, reject) => {
      const aborted = onAbort(signal, () => reject(signal.reason as Error));
      this.wait(id, signal)
        .then(resolve, reject)
        .finally(() => aborted.cancel());
    });
  }

  async schedule(name: string, when: Recurrence, task: string, data?: unknown): Promise<void> {
    readName(name, 'The name of the schedule');
    nonEmptyString(task, 'The name of the task');
    const wanted = { when: readRecurrence(when), task, data };
    const streams = await this.open();
    await this.told(async () => {
      let stored = await streams.schedule(name);
      if (stored === undefined || !isSame(wanted, stored.value)) {
        const value: StoredSchedule = { ...wanted, since: wallClock() };
        const { seq } = await streams.client.publish(streams.subject('schedules', name), this.encode(value));
        stored = { value, revision: seq };
      }
      await this.submitOccurrence(streams, name, stored);
    });
  }

  async unschedule(name: string): Promise<boolean> {
    readName(name, 'The name of the schedule');
    const streams = await this.open();
    return this.told(() => streams.remove('schedules', name), 1);
  }

  async *dead(): AsyncGenerator<DeadJob> {
    const streams = await this.open();
    for await (const { job, error, attempts, diedAt } of streams.deadJobs()) {
      const { id, task, data } = job;
      yield { id, task, data, error, attempts, diedAt: new Date(diedAt) };
    }
  }

  async resubmit(id: string): Promise<string> {
    this.checkId(id);
    const streams = await this.open();
    return this.told(async () => {
      const letter = await streams.deadJob(id);
      if (letter === undefined) throw new UnknownJobError(id, this.name, 'it is not a dead letter.');
      const { job } = letter.value;
      // Before the job: a master that finds a result does not run it.
      await streams.remove('results', id);
      // A number of its own: the server remembers the first one for two minutes.
      await streams.client.publish(streams.jobSubject(id, job.priority), this.encode(job), { msgID: `${id} ${letter.sequence}` });
      await streams.remove('dead', id, letter.sequence + 1);
      return id;
    }, 1);
  }

  async discard(id: string): Promise<void> {
    this.checkId(id);
    const streams = await this.open();
    const wasThere = await this.told(() => streams.remove('dead', id), 1);
    if (!wasThere) throw new UnknownJobError(id, this.name, 'it is not a dead letter.');
    await this.told(() => streams.remove('results', id));
  }

  async counts(): Promise<QueueCounts> {
    const streams = await this.open();
    return this.told(async () => {
      const lanes = await Promise.all(PRIORITIES.map((lane) => streams.countLane(lane)));
      const delayed = await streams.countLane('delayed');
      const sum = (key: 'waiting' | 'taken'): number => lanes.reduce((total, lane) => total + lane[key], 0);
      return { waiting: sum('waiting'), active: sum('taken'), delayed: delayed.waiting + delayed.taken, dead: await streams.countDead() };
    });
  }

  /** Submits the next occurrence of a schedule, once, however many masters do. */
  protected async submitOccurrence(
    streams: JobStreams,
    name: string,
    { value, revision }: { value: StoredSchedule; revision: number },
  ): Promise<void> {
    const dueAt = nextOccurrence(value, wallClock());
    if (dueAt === undefined) return;
    const id = `${name}-${revision}-${new Date(dueAt).toISOString().replace(/\W/g, '')}`;
    if ((await streams.job(id)) !== undefined) return;
    const { task, data } = value;
    const job: StoredJob = { id, task, data, priority: 'normal', isKeyed: true, dueAt, schedule: { name, revision } };
    await streams.client.publish(streams.jobSubject(id, 'delayed'), this.encode(job), { msgID: `${id} ${revision}` });
  }

  /** Opens the queue at its first use; after a failure, again at the next one. */
  protected open(): Promise<JobStreams> {
    this.opening ??= this.told(() => JobStreams.open(this.connection, this.settings)).catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** @param reserve in bytes: what must be free beside it @throws PayloadTooLargeError @throws SerializationError */
  protected encode(value: unknown, reserve = 0): Buffer {
    const payload = encodeJob(value);
    const limit = (this.connection.info?.max_payload ?? Infinity) - HEADERS - reserve;
    if (payload.byteLength > limit) throw new PayloadTooLargeError(payload.byteLength, limit);
    return payload;
  }

  private async wait(id: string, signal?: AbortSignal): Promise<unknown> {
    const streams = await this.open();
    const news = new Wake();
    let record: JobRecord | undefined;
    const subscription = this.connection.subscribe(streams.subject('results', id), {
      callback: (error, message) => {
        record = error === null ? readRecord(message) : undefined;
        news.wake();
      },
    });
    const aborted = signal === undefined ? undefined : onAbort(signal, () => news.wake());
    try {
      for (let isFirst = true, wasGone = false; ; isFirst = false) {
        signal?.throwIfAborted();
        record ??= (await this.told(() => streams.record(id)))?.value;
        if (record?.state === 'done') return record.value;
        if (record?.state === 'dead') throw new JobFailedError(id, record.attempts, record.error);
        record = undefined;
        // Most jobs take less, and a search for a job is expensive for the server.
        if (isFirst) await news.wait(FIRST_LOOK);
        // Looked for twice: it may have finished between the two questions.
        else if (await this.told(() => this.isStored(streams, id))) await news.wait(LOOK_AGAIN);
        else if (wasGone) throw new UnknownJobError(id, this.name, 'it was never submitted, or its result is older than keepResults.');
        else wasGone = true;
      }
    } finally {
      subscription.unsubscribe();
      aborted?.cancel();
    }
  }

  /** Whether a job waits or runs. @throws JobFailedError for a dead letter whose record has gone with the results */
  private async isStored(streams: JobStreams, id: string): Promise<boolean> {
    if ((await streams.job(id)) !== undefined) return true;
    const letter = (await streams.deadJob(id))?.value;
    if (letter !== undefined) throw new JobFailedError(id, letter.attempts, letter.error);
    return false;
  }

  /** Calls the server, and tells its errors as those of this queue. @param tries for what may be done twice: the server may be restarting */
  private async told<Result>(call: () => Promise<Result>, tries = TRIES): Promise<Result> {
    const mayRetry = (error: unknown, tried: number): boolean => tried < tries && isUnanswered(error) && !this.connection.isClosed();
    try {
      return await retried(call, mayRetry);
    } catch (error) {
      if (error instanceof DistIOError || error instanceof TypeError) throw error;
      const verb = isUnanswered(error) ? 'has no answer of its server' : 'has failed';
      throw new DurableQueueError(this.name, `${verb}: ${(error as Error).message}`, error);
    }
  }

  private async isKnown(streams: JobStreams, id: string): Promise<boolean> {
    const state = (await streams.record(id))?.value.state;
    return state === 'done' || state === 'dead' || (await streams.job(id)) !== undefined || (await streams.deadJob(id)) !== undefined;
  }

  private checkId(id: unknown): void {
    if (!isJobId(id)) throw new UnknownJobError(String(id), this.name, 'this cannot be the id of a job.');
  }
}

function isSame(wanted: Omit<StoredSchedule, 'since'>, { when, task, data }: StoredSchedule): boolean {
  return encodeJob(wanted).equals(encodeJob({ when, task, data }));
}
