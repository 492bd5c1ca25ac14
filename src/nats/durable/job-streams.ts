import type { Consumer, JetStreamClient, JetStreamManager, StoredMsg, StreamConfig } from '@nats-io/jetstream';
import { millis, nanos, type NatsConnection } from '@nats-io/transport-node';
import { DurableQueueError } from '../../errors';
import type { JobPriority } from '../../master/durable';
import type { DurableSettings } from './durable-options';
import { decodeJob } from './job-codec';
import { type JobRecord, PRIORITIES, type StoredDeadJob, type StoredJob, type StoredSchedule } from './job-records';
import { isUnanswered } from './retried';

/** What a queue has of each stream: the jobs that have not finished, the states of jobs, dead letters, and schedules. */
export type StreamKind = 'jobs' | 'results' | 'dead' | 'schedules';

/** Where a job waits. */
export type Lane = JobPriority | 'delayed';

/** In ms: the defaults of a new queue. */
const KEEP_RESULTS = 24 * 60 * 60 * 1000;
export const REDELIVER_AFTER = 30_000;

/** In ms: for how long the server knows message ids, and must not for longer than it keeps messages. */
const DUPLICATE_WINDOW = 120_000;

/** In ms: how long a master may take to move a delayed job. Another one then does, too, and the server drops the second message. */
const MOVE = 2000;

/** JetStream's code for a stream that exists with another configuration. */
const EXISTS = 10058;

/**
 * The streams of one queue on the server. Each subject has the name of the queue at the second place, so that the permissions of a server can
 * allow a master its own queues only.
 */
export class JobStreams {
  private constructor(
    readonly connection: NatsConnection,
    readonly settings: DurableSettings,
    readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
  ) {}

  /** Creates on the server what is not there yet. @throws DurableQueueError */
  static async open(connection: NatsConnection, settings: DurableSettings): Promise<JobStreams> {
    const { name } = settings;
    try {
      const { jetstream, jetstreamManager } = loadJetStream();
      const streams = new JobStreams(connection, settings, jetstream(connection), await jetstreamManager(connection));
      await streams.create();
      return streams;
    } catch (error) {
      const { name: kind, message } = error as Error;
      const isOff = kind === 'JetStreamNotEnabled';
      // Its caller tries again.
      if (isUnanswered(error) && !isOff) throw error;
      const detail = isOff ? ' Start nats-server with JetStream: -js -sd <folder>.' : '';
      throw new DurableQueueError(name, `cannot be opened: ${message}.${detail}`, error);
    }
  }

  /** The subject of a job, in any lane if none is given. */
  jobSubject(id: string, lane: Lane | '*' = '*'): string {
    return `dist-io.jobs.${this.settings.name}.${lane}.${id}`;
  }

  subject(kind: Exclude<StreamKind, 'jobs'>, id = '>'): string {
    return `dist-io.${kind}.${this.settings.name}.${id}`;
  }

  consumer(lane: Lane): Promise<Consumer> {
    return this.client.consumers.get(this.stream('jobs'), lane);
  }

  async job(id: string): Promise<StoredJob | undefined> {
    const message = await this.last('jobs', this.jobSubject(id));
    return message === null ? undefined : (decodeJob(message.data) as StoredJob);
  }

  async record(id: string): Promise<{ value: JobRecord; sequence: number } | undefined> {
    const message = await this.last('results', this.subject('results', id));
    return message === null ? undefined : { value: decodeJob(message.data) as JobRecord, sequence: message.seq };
  }

  async deadJob(id: string): Promise<{ value: StoredDeadJob; sequence: number } | undefined> {
    const message = await this.last('dead', this.subject('dead', id));
    return message === null ? undefined : { value: decodeJob(message.data) as StoredDeadJob, sequence: message.seq };
  }

  async *deadJobs(): AsyncGenerator<StoredDeadJob> {
    const query = { next_by_subj: this.subject('dead') };
    for (let seq = 1; ;) {
      const message = await this.manager.streams.getMessage(this.stream('dead'), { ...query, seq });
      if (message === null) return;
      yield decodeJob(message.data) as StoredDeadJob;
      seq = message.seq + 1;
    }
  }

  async schedule(name: string): Promise<{ value: StoredSchedule; revision: number } | undefined> {
    const message = await this.last('schedules', this.subject('schedules', name));
    return message === null ? undefined : { value: decodeJob(message.data) as StoredSchedule, revision: message.seq };
  }

  /** Removes what is stored of one subject. @param before only what is older than this sequence number @returns whether there was anything */
  async remove(kind: Exclude<StreamKind, 'jobs'>, id: string, before?: number): Promise<boolean> {
    const filter = { filter: this.subject(kind, id) };
    const { purged } = await this.manager.streams.purge(this.stream(kind), before === undefined ? filter : { ...filter, seq: before });
    return purged > 0;
  }

  /** In ms: how long a master of this queue may be silent before its jobs go to others. */
  async redeliverAfter(): Promise<number> {
    const { config } = await this.manager.consumers.info(this.stream('jobs'), 'normal');
    return millis(config.ack_wait ?? nanos(REDELIVER_AFTER));
  }

  /** How many jobs of a lane no master has taken, and how many are taken. */
  async countLane(lane: Lane): Promise<{ waiting: number; taken: number }> {
    const { num_pending: waiting, num_ack_pending: taken } = await this.manager.consumers.info(this.stream('jobs'), lane);
    return { waiting, taken };
  }

  async countDead(): Promise<number> {
    return (await this.manager.streams.info(this.stream('dead'))).state.messages;
  }

  private stream(kind: StreamKind): string {
    return `dist-io-${kind}-${this.settings.name}`;
  }

  private last(kind: StreamKind, subject: string): Promise<StoredMsg | null> {
    return this.manager.streams.getMessage(this.stream(kind), { last_by_subj: subject });
  }

  private async create(): Promise<void> {
    const { name, keepResults, redeliverAfter } = this.settings;
    await this.ensureStream({ name: this.stream('jobs'), subjects: [`dist-io.jobs.${name}.>`], retention: 'workqueue' });
    const latest = (kind: Exclude<StreamKind, 'jobs'>) => ({
      name: this.stream(kind),
      subjects: [this.subject(kind)],
      max_msgs_per_subject: 1,
    });
    const results = latest('results');
    await this.ensureStream(
      { ...results, ...keptFor(keepResults ?? KEEP_RESULTS) },
      keepResults && { ...results, ...keptFor(keepResults) },
    );
    await this.ensureStream(latest('dead'));
    await this.ensureStream(latest('schedules'));
    for (const lane of PRIORITIES) await this.ensureConsumer(lane, redeliverAfter ?? REDELIVER_AFTER, redeliverAfter !== undefined);
    // A restarted server has forgotten for how long a delayed job waits: its master must tell it again soon.
    await this.ensureConsumer('delayed', MOVE, false);
  }

  /** @param update what replaces the configuration of a stream that exists with another one; nothing without */
  private async ensureStream(config: StreamOptions, update?: StreamOptions | 0): Promise<void> {
    try {
      await this.manager.streams.add({ storage: 'file', ...config });
    } catch (error) {
      if (!existsOtherwise(error)) throw error;
      if (update) await this.manager.streams.update(config.name, update);
    }
  }

  private async ensureConsumer(lane: Lane, ackWait: number, mayUpdate: boolean): Promise<void> {
    const stream = this.stream('jobs');
    const config = {
      durable_name: lane,
      filter_subject: this.jobSubject('*', lane),
      ack_policy: 'explicit' as const,
      ack_wait: nanos(ackWait),
      // The number of attempts is counted here: what the server gives up would stay in the stream for ever.
      max_deliver: -1,
      // Jobs that pause between attempts or are delayed would otherwise block all others.
      max_ack_pending: -1,
    };
    const exists = await this.manager.consumers.info(stream, lane).then(() => true, isMissing);
    // Before version 2.10, a server takes what is added for an update.
    if (!exists) await this.manager.consumers.add(stream, config);
    else if (mayUpdate) await this.manager.consumers.update(stream, lane, config);
  }
}

type StreamOptions = Partial<StreamConfig> & { name: string };

const keptFor = (ms: number) => ({ max_age: nanos(ms), duplicate_window: nanos(Math.min(ms, DUPLICATE_WINDOW)) });

/** @returns false for the error of a consumer that does not exist @throws any other */
function isMissing(error: unknown): false {
  if ((error as Error).name === 'ConsumerNotFoundError') return false;
  throw error;
}

function existsOtherwise(error: unknown): boolean {
  return (error as { code?: number }).code === EXISTS;
}

function loadJetStream(): typeof import('@nats-io/jetstream') {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only durable queues need it
    return require('@nats-io/jetstream') as typeof import('@nats-io/jetstream');
  } catch (error) {
    throw new Error('the package @nats-io/jetstream is missing. Run: npm install @nats-io/jetstream', { cause: error });
  }
}
