import type { Consumer, JetStreamClient, JetStreamManager, StoredMsg, StreamConfig } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { DurableQueueError } from '../../errors';
import type { JobPriority } from '../../master/durable';
import { decodeJob } from './job-codec';
import { type JobRecord, PRIORITIES, type StoredDeadJob, type StoredJob, type StoredSchedule } from './job-records';

/** What a queue has of each stream: the jobs that have not finished, the states of jobs, dead letters, and schedules. */
export type StreamKind = 'jobs' | 'results' | 'dead' | 'schedules';

/** Where a job waits. */
export type Lane = JobPriority | 'delayed';

/** The settings of a queue: durations in ms. */
export interface StreamSettings {
  readonly name: string;
  readonly keepResults: number;
  readonly redeliverAfter: number;
}

/** In ms: how long a master may take to move a delayed job. Another one then does, too, and the server drops the second message. */
const MOVE = 2000;

/** The codes of JetStream for a stream and a consumer that exist with another configuration. */
const EXISTS = new Set([10058, 10148, 10013]);

/**
 * The streams of one queue on the server. Each subject has the name of the queue at the second place, so that the permissions of a server can
 * allow a master its own queues only.
 */
export class JobStreams {
  private constructor(
    readonly connection: NatsConnection,
    readonly settings: StreamSettings,
    readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
  ) {}

  /** Creates on the server what is not there yet. @throws DurableQueueError */
  static async open(connection: NatsConnection, settings: StreamSettings): Promise<JobStreams> {
    const { name } = settings;
    try {
      const { jetstream, jetstreamManager } = loadJetStream();
      const streams = new JobStreams(connection, settings, jetstream(connection), await jetstreamManager(connection));
      await streams.create();
      return streams;
    } catch (error) {
      // Its caller tries again.
      if ((error as Error).name === 'TimeoutError') throw error;
      const detail = /jetstream/i.test((error as Error).message) ? 'Start nats-server with JetStream: -js -sd <folder>.' : '';
      throw new DurableQueueError(name, `cannot be opened: ${(error as Error).message}. ${detail}`.trimEnd(), error);
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
    const { name, keepResults } = this.settings;
    await this.ensureStream({ name: this.stream('jobs'), subjects: [`dist-io.jobs.${name}.>`], retention: 'workqueue' });
    const latest = { max_msgs_per_subject: 1 };
    await this.ensureStream({ ...latest, name: this.stream('results'), subjects: [this.subject('results')], max_age: nanos(keepResults) });
    await this.ensureStream({ ...latest, name: this.stream('dead'), subjects: [this.subject('dead')] });
    await this.ensureStream({ ...latest, name: this.stream('schedules'), subjects: [this.subject('schedules')] });
    for (const lane of [...PRIORITIES, 'delayed' as const]) await this.ensureConsumer(lane);
  }

  private async ensureStream(config: Partial<StreamConfig> & { name: string }): Promise<void> {
    try {
      await this.manager.streams.add({ storage: 'file', ...config });
    } catch (error) {
      if (!EXISTS.has((error as { code?: number }).code ?? 0)) throw error;
      await this.manager.streams.update(config.name, config);
    }
  }

  private async ensureConsumer(lane: Lane): Promise<void> {
    const stream = this.stream('jobs');
    const config = {
      durable_name: lane,
      filter_subject: this.jobSubject('*', lane),
      ack_policy: 'explicit' as const,
      // A restarted server has forgotten for how long a delayed job waits: its master must tell it again soon.
      ack_wait: nanos(lane === 'delayed' ? MOVE : this.settings.redeliverAfter),
      // The number of attempts is counted here: what the server gives up would stay in the stream for ever.
      max_deliver: -1,
      // Jobs that pause between attempts or are delayed would otherwise block all others.
      max_ack_pending: -1,
    };
    try {
      await this.manager.consumers.add(stream, config);
    } catch (error) {
      if (!EXISTS.has((error as { code?: number }).code ?? 0)) throw error;
      await this.manager.consumers.update(stream, lane, config);
    }
  }
}

function loadJetStream(): typeof import('@nats-io/jetstream') {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only durable queues need it
    return require('@nats-io/jetstream') as typeof import('@nats-io/jetstream');
  } catch (error) {
    throw new Error('the package @nats-io/jetstream is missing. Run: npm install @nats-io/jetstream', { cause: error });
  }
}
