import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { setTimeout, wallClock } from '../../platform';
import { readJob } from './job-codec';
import type { StoredSchedule } from './job-records';
import type { JobStreams } from './job-streams';

/** In ms: the pause before a job that could not be moved is tried again. */
const RETRY = 1000;

/** Moves the delayed jobs that are due to those that may run, and submits the next occurrence of their schedule. All masters of a queue do. */
export class DelayedJobs {
  private messages: ConsumerMessages | undefined;
  private isStopped = false;

  private constructor(
    private readonly streams: JobStreams,
    private readonly encode: (value: unknown) => Buffer,
    private readonly submitNext: (name: string, stored: { value: StoredSchedule; revision: number }) => Promise<void>,
  ) {}

  /** @param submitNext submits the next occurrence of a schedule */
  static async start(
    streams: JobStreams,
    encode: (value: unknown) => Buffer,
    submitNext: (name: string, stored: { value: StoredSchedule; revision: number }) => Promise<void>,
  ): Promise<DelayedJobs> {
    const jobs = new DelayedJobs(streams, encode, submitNext);
    await jobs.listen();
    return jobs;
  }

  /** Asks the server anew: it has forgotten what was asked before it was reached again. */
  async askAgain(): Promise<void> {
    void this.messages?.close();
    if (!this.isStopped) await this.listen().catch(() => setTimeout(() => void this.askAgain(), RETRY).unref());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.messages?.close();
  }

  private async listen(): Promise<void> {
    const consumer = await this.streams.consumer('delayed');
    this.messages = await consumer.consume({ callback: (message) => void this.take(message).catch(() => message.nak(RETRY)) });
    if (this.isStopped) await this.messages.close();
  }

  private async take(message: JsMsg): Promise<void> {
    const job = readJob(message);
    if (job === undefined) return message.term('not a job of dist-io');
    const wait = (job.dueAt ?? 0) - wallClock();
    // The server holds it until then, and gives it to another master if this one has ended.
    if (wait > 0) return message.nak(Math.ceil(wait));
    const stored = job.schedule === null ? undefined : await this.streams.schedule(job.schedule.name);
    // The schedule has ended or was replaced.
    if (job.schedule !== null && stored?.revision !== job.schedule.revision) return message.ack();
    await this.streams.client.publish(this.streams.jobSubject(job.id, job.priority), this.encode(job), { msgID: `${job.id} due` });
    if (job.schedule !== null && stored !== undefined) await this.submitNext(job.schedule.name, stored);
    message.ack();
  }
}
