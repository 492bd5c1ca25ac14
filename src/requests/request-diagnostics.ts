import { tracingChannel } from 'node:diagnostics_channel';
import { TracedCall } from '../protocol/traced-call';
import type { RequestCall } from './request-call';
import type { SlaveRef } from './slave-ref';

/**
 * The message of a request on the tracing channel `dist-io:request` of `node:diagnostics_channel`, published in the master. All events of
 * a request have the same object.
 */
export interface RequestDiagnostics<Slave = SlaveRef> {
  /** The slave of the request. */
  readonly slave: Slave;
  /** The name of the task; for a client's call to a slave that has not loaded yet, the name of the method. */
  readonly task: string;
  /** The caller's data. Do not read a stream: the task is its only reader. */
  readonly data: unknown;
  /** The caller's metadata. */
  readonly metadata: object | undefined;
  /** The value of the response, once the request has succeeded. */
  result?: unknown;
  /** The error of the response, once the request has failed. */
  error?: Error;
}

const channel = tracingChannel<unknown, RequestDiagnostics>('dist-io:request');

/** @returns undefined without subscribers, so that publishing costs nothing */
export function traceRequest(slave: SlaveRef, { task, data, metadata }: RequestCall): TracedCall<RequestDiagnostics> | undefined {
  return channel.hasSubscribers ? new TracedCall(channel, { slave, task, data, metadata }) : undefined;
}
