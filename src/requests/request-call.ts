import type { SharedData } from '../protocol/encoded-value';
import type { StreamReader } from '../protocol/stream-reader';
import type { Metadata } from './metadata';
import type { Response } from './response';

/** A request whose result may stream, as its caller sees it. */
export interface StreamingRequest {
  /** Lets the task send `count` more items. */
  grant(count: number): void;
  /** Called when the reader stops early. */
  cancel(): void;
  /** Collects the items, which become the value: they are not read one by one. */
  collect(): void;
}

/** The reader of a stream's items, as a request sees it. */
export type ItemSink = Pick<StreamReader, 'push' | 'takeBuffered' | 'fail' | 'end'>;

/** Where the outcome of a request goes. */
export interface ResultSink {
  resolve(response: Response): void;
  /** Gets the errors if they are to reject. Without it, `resolve` gets responses with an error. */
  reject?: ((error: Error) => void) | undefined;
  /** Gets the items of a stream one by one. Without it, they are collected and become the value. */
  reader?: ItemSink | undefined;
  /** Called after the outcome is known, when the slave no longer works on the request: see `Settleable.released`. */
  released?: (() => void) | undefined;
}

/** For a request that is part of a longer work, such as a job of a workpool or a broadcast. */
export interface PartOfWork {
  /** The number of the first attempt. Default: 1. */
  attempt?: number | undefined;
  /** In ms: the timeout of the work, which errors name. The metadata have only the time that remains of it. */
  reportedTimeout?: number | undefined;
  /** Whether its maker decides what follows its failure. Default: no, so that it goes on by itself with a slave that is restarted. */
  isJob?: boolean;
  /** Given when it is sent though the slave is busy. */
  handedAhead?: HandedAheadCall | undefined;
  /** Given when other requests have the same data. */
  shared?: SharedData | undefined;
}

/** A request that waits in the slave. */
export interface HandedAheadCall {
  /** It begins once fewer tasks are running. */
  readonly limit: number;
  readonly priority: number;
  /** Called when the slave will not execute it, instead of all other functions of the call. */
  readonly takenBack: () => void;
}

/** What to request, and where the outcome goes. */
export interface RequestCall extends ResultSink, PartOfWork {
  task: string;
  /** Given when `task` is the name of a method: its task, once the slave has loaded. @throws AmbiguousMethodError */
  taskOf?: () => string;
  data: unknown;
  metadata: Metadata | undefined;
}
