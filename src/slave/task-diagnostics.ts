import { channel } from 'node:diagnostics_channel';
import type { TaskContext } from './handler';
import type { Outcome } from './run';

/**
 * What a slave publishes about a task that it runs, to the channels `dist-io:task:start`, `dist-io:task:error` and `dist-io:task:end` of
 * `node:diagnostics_channel`: the same object each time, so that it can be recognized.
 */
export interface TaskDiagnostics {
  /** The name of the task. */
  readonly task: string;
  /** What the task gets; undefined when that is a stream, which only the task may read. */
  readonly data: unknown;
  /** What the task gets as its context. */
  readonly context: TaskContext;
  /** What it has completed with; not yet there at the start. */
  value?: unknown;
  /** What it has thrown, when it has. */
  error?: unknown;
}

const start = channel('dist-io:task:start');
const end = channel('dist-io:task:end');
const error = channel('dist-io:task:error');

/** A task is about to run. @returns undefined when nobody listens, which costs nothing */
export function publishStart(task: string, data: unknown, context: TaskContext): TaskDiagnostics | undefined {
  if (!start.hasSubscribers && !end.hasSubscribers && !error.hasSubscribers) return undefined;
  const message: TaskDiagnostics = { task, data, context };
  start.publish(message);
  return message;
}

/** It has completed: `error` comes before `end`, if it comes. */
export function publishEnd(message: TaskDiagnostics, outcome: Outcome): void {
  if (outcome.type === 'value') message.value = outcome.value;
  if (outcome.type === 'error' || outcome.type === 'refused') {
    message.error = outcome.error;
    error.publish(message);
  }
  end.publish(message);
}
