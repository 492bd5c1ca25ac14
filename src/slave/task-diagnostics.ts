import { tracingChannel } from 'node:diagnostics_channel';
import { TracedCall } from '../protocol/traced-call';
import type { TaskContext } from './handler';

/**
 * The message of a running task on the tracing channel `dist-io:task` of `node:diagnostics_channel`, published in the slave. All events of
 * a task have the same object.
 */
export interface TaskDiagnostics {
  /** The name of the task. */
  readonly task: string;
  /** The data of the task; undefined for a stream, which only the task may read. */
  readonly data: unknown;
  /** The context of the task. */
  readonly context: TaskContext;
  /** The result, once the task has succeeded; undefined for a stream. */
  result?: unknown;
  /** The error, once the task has failed. */
  error?: unknown;
}

const channel = tracingChannel<unknown, TaskDiagnostics>('dist-io:task');

/** @returns undefined without subscribers, so that publishing costs nothing */
export function traceTask(task: string, data: unknown, context: TaskContext): TracedCall<TaskDiagnostics> | undefined {
  return channel.hasSubscribers ? new TracedCall(channel, { task, data, context }) : undefined;
}
