import { channel } from 'node:diagnostics_channel';
import type { SlaveRef } from './slave-ref';

/**
 * What a master publishes about a request, to the channels `dist-io:request:start`, `dist-io:request:error` and `dist-io:request:end` of
 * `node:diagnostics_channel`: the same object each time, so that it can be recognized.
 */
export interface RequestDiagnostics<Slave = SlaveRef> {
  /** The slave that is asked. */
  readonly slave: Slave;
  /** The name of the task; of a client's call to a slave that has not loaded yet, that of the method. */
  readonly task: string;
  /** The caller's data. Of a stream, the task is the one reader: leave it unread. */
  readonly data: unknown;
  /** The caller's metadata. */
  readonly metadata: object | undefined;
  /** What was answered; not yet there at the start. */
  value?: unknown;
  /** What went wrong, when something did. */
  error?: Error;
}

const start = channel('dist-io:request:start');
const end = channel('dist-io:request:end');
const error = channel('dist-io:request:error');

/** Somebody has asked for a task. @returns undefined when nobody listens, which costs nothing */
export function publishStart(slave: SlaveRef, task: string, data: unknown, metadata: object | undefined): RequestDiagnostics | undefined {
  if (!start.hasSubscribers && !end.hasSubscribers && !error.hasSubscribers) return undefined;
  const message: RequestDiagnostics = { slave, task, data, metadata };
  start.publish(message);
  return message;
}

/** The request is settled: `error` comes before `end`, if it comes. */
export function publishEnd(message: RequestDiagnostics, failure: Error | null, value: unknown): void {
  if (failure === null) message.value = value;
  else {
    message.error = failure;
    error.publish(message);
  }
  end.publish(message);
}
