import type { SlaveDiedError, SpawnError } from '../errors';
import type { ExitReport } from './lifecycle';
import type { Metadata } from '../requests/metadata';
import type { Response } from './slave-response';
import type { AnyHandle } from './selector';
import type { BroadcastBuilder } from './request-builders';

/** The events of a `SlaveHandle`. One that nobody listens to is nothing, `error` included. */
export interface SlaveHandleEvents {
  /** The slave's file has loaded. */
  ready: [];
  /** A request was sent. */
  request: [task: string, data: unknown];
  /** A request was settled, well or not. */
  response: [response: Response];
  /** A task has told how far it is. */
  progress: [task: string, value: unknown];
  /** The slave did not start, or ended on its own. */
  error: [error: SpawnError | SlaveDiedError];
  /** The slave has ended, for whatever reason. */
  exit: [report: ExitReport];
}

/** What a handle needs of its master. */
export interface HandleHost {
  readonly pipe: (response: Response, task: string, metadata: Metadata | undefined) => BroadcastBuilder;
  readonly onEnded: (handle: AnyHandle) => void;
  /** The slave accepts no more work. */
  readonly closed: (handle: AnyHandle) => void;
  /** The slave has become busy, or idle again. */
  readonly onBusyChange: (handle: AnyHandle, busy: boolean) => void;
  /** The slave's handle has emitted an event. */
  readonly onEvent: <Name extends keyof SlaveHandleEvents>(handle: AnyHandle, name: Name, args: SlaveHandleEvents[Name]) => void;
}
