import type { Writable } from 'node:stream';
import type { Batch } from '../protocol/batch';
import type { ToMaster, ToSlave } from '../protocol/messages';

/**
 * The port between master and slave. Each world (process, thread, inline) adapts itself to it and is branched on nowhere else:
 * the master's end is a {@link SlaveChannel}, the slave's end a {@link MasterChannel}.
 */
interface Channel<Out> {
  /**
   * Takes a snapshot of the message and sends it soon, together with others of the same tick, in order.
   *
   * @param transfer buffers in the message that are moved out of their owner's hands instead of being copied
   * @throws SerializationError, PayloadTooLargeError: then nothing was sent or moved, and the channel is as it was
   */
  send(message: Out, transfer?: readonly ArrayBuffer[]): void;
}

/** The world that a slave lives in: a process of its own, a thread of the master's process, or the master's own thread. */
export type Runtime = 'process' | 'thread' | 'inline';

/** A started slave, as its master sees it. */
export interface SlaveChannel extends Channel<ToSlave> {
  /** The process that the slave runs in; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Ends the slave without asking it. */
  kill(signal: NodeJS.Signals): void;
}

/** The way to the master, as the slave sees it. */
export interface MasterChannel extends Channel<ToMaster> {
  /** The option `data` of the slave, or undefined. */
  readonly data: unknown;
  /** Starts to read: until then, what the master sends waits. */
  receive(handler: (message: ToSlave) => void): void;
  /** Lets no message of the slave have more bytes than this, from now on. */
  setMaxPayload(maxPayload: number): void;
  /** Sends at once what waits for the end of the tick: there may be no end of the tick. */
  flush(): void;
  /** Sends what waits and ends this slave. */
  end(): void;
}

/** What a master is told by a {@link SlaveChannel}; after `end`, nothing more. */
export interface SlaveListener {
  readonly message: (message: ToMaster) => void;
  readonly end: (ending: SlaveExit) => void;
}

/** Why a channel ends a slave that has closed its end: nobody would learn what becomes of its requests. */
export const CLOSED_CHANNEL = 'It closed its channel to the master and lived on.';

/** How a slave ended. */
export interface SlaveExit {
  code: number | null;
  signal: string | null;
  /** The last of what it wrote to stderr. */
  stderrTail: string;
  /** Why it could not be started, or was ended by the channel. */
  error?: Error;
  /** The exception that ended it, where the channel learns of it. */
  thrown?: unknown;
}

/** Starts a slave in one of the worlds. Never throws: what fails is told to `listener.end`, in a later tick. */
export type OpenChannel = (start: SpawnSpec, listener: SlaveListener) => SlaveChannel;

/** Where a slave's output goes: to the master's, nowhere, or into a stream. */
export type Output = 'inherit' | 'ignore' | Writable;

/** All that a world needs to start a slave. */
export interface SpawnSpec {
  /** The module of the slave room that runs first, before the user's file. */
  entry: string;
  config: SlaveConfig;
  /** What an inline slave is made from in place of a file. */
  target?: object | undefined;
  /** The option `data`, encoded. */
  data: Batch | undefined;
  args: readonly string[];
  /** The executable of a process. */
  execPath: string;
  execArgv: readonly string[];
  /** The whole environment, not only what differs. */
  env: NodeJS.ProcessEnv;
  cwd: string | undefined;
  stdout: Output;
  stderr: Output;
}

/** What a slave knows from the start. */
export interface SlaveConfig {
  runtime: Runtime;
  id: number;
  alias: string | null;
  group: string | null;
  title: string | null;
  /** The user's file, absolute. */
  file: string;
  /** In bytes; null is without limit, since JSON has no Infinity. */
  maxPayload: number | null;
  /** Whether the option `data` follows as the first thing that the channel brings. */
  hasData: boolean;
}
