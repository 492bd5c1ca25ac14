import type { LinkLostError, RestartIntensityError, SlaveDiedError, SpawnError } from '../errors';
import type { EndError, ExitReport } from './lifecycle';
import type { Metadata } from '../requests/metadata';
import type { Response } from './slave-response';
import type { AnyHandle } from './selector';
import type { SlaveControl } from './slave-control';
import type { PipeBuilder } from './request-builders';

/** A restart of a slave. */
export interface RestartReport {
  /** The number of restarts so far, this one included. */
  readonly restarts: number;
  /** How the previous process ended; null when it is recycled: see the options `maxTasks`, `maxMemory` and `maxAge`. */
  readonly error: EndError | null;
}

/** The events of a `SlaveHandle`. An event without listeners does nothing, `error` included. */
export interface SlaveHandleEvents {
  /** The slave's file has loaded. */
  ready: [];
  /** A request was sent. */
  request: [task: string, data: unknown];
  /** A request was settled, with a value or an error. */
  response: [response: Response];
  /** A task has reported progress. */
  progress: [task: string, value: unknown];
  /** The slave did not start, died, or is given up since it was restarted too often. */
  error: [error: SpawnError | SlaveDiedError | LinkLostError | RestartIntensityError];
  /** The slave has ended, and another process has been started in its place: see the option `restart`. `ready` follows. */
  restart: [report: RestartReport];
  /** The slave has ended for good. */
  exit: [report: ExitReport];
}

/** What a handle reports to its master and needs of it. */
export interface HandleHost {
  readonly pipe: (response: Response, task: string, metadata: Metadata | undefined) => PipeBuilder;
  /** The slave has ended. */
  readonly onEnded: (slave: SlaveControl) => void;
  /** The slave accepts no more work. */
  readonly onClosed: (slave: SlaveControl) => void;
  /** The slave has become busy, or idle again. */
  readonly onBusyChange: (slave: SlaveControl, isBusy: boolean) => void;
  /** The handle has emitted an event. */
  readonly onEvent: <Name extends keyof SlaveHandleEvents>(slave: AnyHandle, name: Name, args: SlaveHandleEvents[Name]) => void;
}
