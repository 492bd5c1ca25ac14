import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { wallClock } from '../../platform';
import { readJob } from './job-codec';
import type { StoredSchedule } from './job-records';
import type { JobStreams } from './job-streams';
import { pause } from './retried';

/** In ms: the pause before the server is asked again after an error, and before a job that could not be moved is tried again. */
const RETRY = 1000;

/** In ms: how long the server is told to hold a job, at most. Then it is told again. */
const LONGEST_HOLD = 24 * 60 * 60 * 1000;

/** Moves the delayed jobs that are due to those that may run, and submits the next occurrence of their schedule. All masters of a queue do. */
export class DelayedJobs {
  private readonly loop: Promise<void>;
  private messages: ConsumerMessages | undefined;
  private isStopped = false;

  /** @param submitNext submits the next occurrence of a schedule */
  constructor(
    private readonly streams: JobStreams,
    private readonly encode: (value: unknown) => Buffer,
    private readonly submitNext: (name: string, stored: { value: StoredSchedule; revision: number }) => Promise<void>,
  ) {
    this.loop = this.listen();
  }

  /** Asks the server anew: it has forgotten what was asked before it was reached again. */
  askAgain(): void {
    void this.messages?.close();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.askAgain();
    await this.loop;
  }

  private async listen(): Promise<void> {
    let consumer: Consumer | undefined;
    while (!this.isOver()) {
      try {
        consumer ??= await this.streams.consumer('delayed');
        this.messages = await consumer.consume();
        if (this.isOver()) void this.messages.close();
        for await (const message of this.messages) void this.take(message).catch(() => message.nak(RETRY));
      } catch {
        consumer = undefined;
        await pause(RETRY);
      }
    }
  }

  private isOver(): boolean {
    return this.isStopped || this.streams.connection.isClosed();
  }

  private async take(message: JsMsg): Promise<void> {
    const job = readJob(message);
    if (job === undefined) return message.term('not a job of dist-io');
    const wait = (job.dueAt ?? 0) - wallClock();
    // The server holds it until then, and gives it to another master if this one has ended.
    if (wait > 0) return message.nak(Math.ceil(Math.min(wait, LONGEST_HOLD)));
    if (job.schedule !== null) {
      const stored = await this.streams.schedule(job.schedule.name);
      // The schedule has ended or was replaced.
      if (stored?.revision !== job.schedule.revision) return message.ack();
      // Before the job itself: a failure afterwards moves the job again, which its message id makes one.
      await this.submitNext(job.schedule.name, stored);
    }
    const msgID = `${job.id} due ${message.seq}`;
    await this.streams.client.publish(this.streams.jobSubject(job.id, job.priority), this.encode(job), { msgID });
    message.ack();
  }
}
