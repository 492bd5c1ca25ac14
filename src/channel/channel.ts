import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { DeathReason } from '../errors';
import type { Batch } from '../protocol/batch';
import type { SendOptions } from '../protocol/batch-writer';
import type { ToMaster, ToSlave } from '../protocol/messages';
import type { Claims } from '../protocol/claims';

/**
 * The port between master and slave, with one implementation for each runtime (process, thread, inline). The master's end is a
 * {@link SlaveChannel}, the slave's end a {@link MasterChannel}; the code above them does not depend on the runtime.
 */
interface Channel<Out> {
  /**
   * Takes a snapshot of the message and queues it. The messages of one tick are sent together, in order.
   *
   * @returns the approximate size of the message, in bytes
   * @throws SerializationError when the message holds a value that cannot be sent
   * @throws PayloadTooLargeError when it exceeds `maxPayload`; after either error nothing was sent or detached
   */
  send(message: Out, options?: SendOptions): number;
}

/** Where a slave runs: in a separate process, in a thread of the master's process, or in the master's thread. */
export type Runtime = 'process' | 'thread' | 'inline';

/** A started slave, as its master sees it. */
export interface SlaveChannel extends Channel<ToSlave> {
  /** For requests that are handed ahead. Undefined where the two ends cannot share memory. */
  readonly claims?: Claims | undefined;
  /** Id of the process that the slave runs in; undefined when the slave could not be started. */
  readonly pid: number | undefined;
  /** The other machine that it runs on, once that is known. */
  readonly host?: string | undefined;
  /** Terminates the slave without sending it a message. */
  kill(signal: NodeJS.Signals): void;
  /** Sets whether the slave keeps the master's program alive. At first it does, unless it shares the master's thread. */
  keepAlive(isKept: boolean): void;
}

/** The channel of a slave that could not be started. */
export const NO_CHANNEL: SlaveChannel = { pid: undefined, send: () => 0, kill: () => undefined, keepAlive: () => undefined };

/** The connection to the master, as the slave sees it. */
export interface MasterChannel extends Channel<ToMaster> {
  /** Makes those of the slave: see {@link SlaveChannel.claims}. */
  readonly claims?: (() => Claims) | undefined;
  /** The option `data` of the slave, or undefined. */
  readonly data: unknown;
  /** Whether the slave runs in the process of its master. */
  readonly sharesProcess: boolean;
  /** Starts reading. Messages sent earlier are buffered until then. */
  receive(handler: (message: ToSlave) => void): void;
  /** Limits the size of each further message of the slave, in bytes. */
  setMaxPayload(maxPayload: number): void;
  /** Sends the queued messages immediately, for callers that may block or exit before the tick ends. */
  flush(): void;
  /** Sends the queued messages, then ends this slave. */
  end(): void;
}

/** The callbacks of a {@link SlaveChannel}. `end` is the last call. */
export interface SlaveListener {
  readonly message: (message: ToMaster) => void;
  readonly end: (ending: SlaveExit) => void;
  /** Its host is about to leave: it should be replaced, if it is supervised. */
  readonly due?: (() => void) | undefined;
  /**
   * Given by the host of a slave whose master is on another machine: it gets the sockets of the slave's process and passes their bytes on.
   * No message is decoded here then, and the slave has no claims.
   */
  readonly relay?: ((sockets: SocketPair) => void) | undefined;
}

/** The two sockets between a master and a process, from the view of one end. */
export interface SocketPair {
  readonly incoming: Socket;
  readonly outgoing: Socket;
}

/** The reason for killing a slave that has closed its channel: its requests could never be answered. */
export const CLOSED_CHANNEL = 'It closed its channel to the master but did not exit.';

/** How a slave ended. */
export interface SlaveExit {
  code: number | null;
  signal: string | null;
  /** The last bytes that the slave wrote to stderr. */
  stderrTail: string;
  /** Why the slave could not be started, or why the channel killed it. */
  error?: Error;
  /** The host with which the connection was lost, and how. It may still run there for a while. */
  lostHost?: { readonly name: string; readonly detail: string } | undefined;
  /** Why it died, where the channel knows more than the code and the signal tell. */
  reason?: DeathReason;
  /** The uncaught exception that ended the slave, if the runtime reports it to the channel. */
  thrown?: unknown;
}

/** Starts a slave in one of the runtimes. Never throws: failures are passed to `listener.end` in a later tick. */
export type OpenChannel = (start: SpawnSpec, listener: SlaveListener) => SlaveChannel;

/** Destination of a slave's output: the master's own stdout or stderr, nowhere, or a stream. */
export type Output = 'inherit' | 'ignore' | Writable;

/** Everything that a runtime needs to start a slave. */
export interface SpawnSpec {
  /** The module of `src/slave` that runs first, before the user's file. */
  entry: string;
  config: SlaveConfig;
  /** The object or class that an inline slave is made from, instead of a file. */
  target?: object | undefined;
  /** The option `data`, encoded. */
  data: Batch | undefined;
  args: readonly string[];
  /** The Node executable; used by processes only. */
  execPath: string;
  execArgv: readonly string[];
  /** The complete environment, not only the differences from the master's. */
  env: NodeJS.ProcessEnv;
  cwd: string | undefined;
  stdout: Output;
  stderr: Output;
}

/** The settings that a slave receives when it starts. */
export interface SlaveConfig {
  runtime: Runtime;
  id: number;
  alias: string | null;
  group: string | null;
  title: string | null;
  /** Absolute path of the user's file. */
  file: string;
  /** In bytes. Null means no limit, since JSON has no Infinity. */
  maxPayload: number | null;
  /** Whether the first message of the channel is the option `data`. */
  hasData: boolean;
  /** Whether a process has the file for its {@link Claims}. */
  hasClaims?: boolean;
}
