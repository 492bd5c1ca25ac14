import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { writeFrame } from '../protocol/frames';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { CLOSED_CHANNEL, type OpenChannel, type SlaveChannel, type SlaveListener, type SpawnSpec } from './channel';
import { CONFIG_VARIABLE } from './connect';
import { FD } from './process-channel-slave';
import { FramedSocket } from './framed-socket';
import { preloadArgs } from './preload-args';
import { unregister, register } from './reaper';
import { isLeftToMaster } from './signals-of-master';
import { SlaveOutput } from './slave-output';
import { wait, type Wait } from './wait';
import { toJson } from '../protocol/json';
import { inRealTicks, nextTick } from '../platform';

/** In ms: how long what an ended process has sent may take to come. A grandchild that holds its stderr would take forever. */
const STDERR_GRACE = 250;

/** In ms: how long a slave may live without its sockets. They close a little before the end of a process is known. */
const CLOSED = 1000;

/**
 * A slave in a process of its own.
 *
 * Not Node's IPC: there, a malformed message from the child is an uncaught exception in the parent. These sockets carry
 * frames whose faults are caught here and cost only the child.
 */
export const openProcess: OpenChannel = (start, listener) => inRealTicks(() => open(start, listener));

const open: OpenChannel = (start, listener) => {
  const fail = (error: Error) => listener.end({ code: null, signal: null, stderrTail: '', error });
  const failedChannel = { pid: undefined, send: () => undefined, kill: () => undefined };
  let child: ChildProcess;
  try {
    child = spawnSlave(start);
  } catch (error) {
    nextTick(fail, error);
    return failedChannel;
  }
  if (child.pid !== undefined) return new SlaveProcess(child, child.pid, start, listener);
  child.on('error', fail);
  return failedChannel;
};

function spawnSlave(start: SpawnSpec): ChildProcess {
  const { config, stdout } = start;
  return spawn(start.execPath, [...start.execArgv, ...preloadArgs(start), config.file, ...start.args], {
    cwd: start.cwd,
    env: { ...start.env, [CONFIG_VARIABLE]: toJson(config) },
    stdio: ['ignore', typeof stdout === 'string' ? stdout : 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the master alone, which then leads, and kill reaches what the slave has started.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

class SlaveProcess implements SlaveChannel {
  private readonly incoming: Socket;
  private readonly outgoing: Socket;
  private readonly socket: FramedSocket<ToSlave, ToMaster>;
  private readonly output = new SlaveOutput(() => this.endIfComplete());
  /** Whether it was asked to end: then all of its output is waited for. */
  private isAsked = false;
  /** Whether nothing can come any more: the process and all of its streams have ended. */
  private isClosed = false;
  private fault: Error | undefined;
  private closing: Wait | undefined;
  private lastWords: Wait | undefined;

  constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
    { config, data, stdout, stderr }: SpawnSpec,
    private readonly listener: SlaveListener,
  ) {
    register(pid);
    if (child.stdout !== null) this.output.forward(child.stdout, stdout, process.stdout);
    if (child.stderr !== null) {
      this.output.keepTail(child.stderr);
      this.output.forward(child.stderr, stderr, process.stderr);
    }
    const incoming = (this.incoming = child.stdio[FD.toMaster] as Socket);
    const outgoing = (this.outgoing = child.stdio[FD.fromMaster] as Socket);
    this.socket = new FramedSocket<ToSlave, ToMaster>({ incoming, outgoing }, config.maxPayload ?? Infinity);
    this.socket.receive(listener.message, (error) => this.endBecause(`It sent bytes that are no message (${error.message}).`));
    if (data !== undefined) for (const part of writeFrame(data)) outgoing.write(part);
    incoming.on('close', this.onSocketClosed);
    // Nothing comes here but its end.
    outgoing.resume().on('close', this.onSocketClosed);
    child.on('exit', () => this.onExit());
    child.on('close', () => {
      this.isClosed = true;
      this.endIfComplete();
    });
    // A signal that could not be sent ends nothing.
    child.on('error', () => undefined);
  }

  send(message: ToSlave, transfer?: readonly ArrayBuffer[]): void {
    if (message.type === 'exit') this.isAsked = true;
    this.socket.send(message, transfer);
  }

  kill(signal: NodeJS.Signals): void {
    // Its output is not waited for any longer.
    this.isAsked = false;
    // Once it has ended, the number may belong to a stranger.
    if (this.hasExited) return this.endIfComplete();
    if (isLeftToMaster(signal)) return this.socket.send({ type: 'kill', signal });
    try {
      process.kill(process.platform === 'win32' ? this.pid : -this.pid, signal);
    } catch {
      this.child.kill(signal);
    }
  }

  private get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private endBecause(reason: string): void {
    this.fault ??= new Error(reason);
    this.kill('SIGKILL');
  }

  /** A process that has ended is known to have ended soon after. */
  private readonly onSocketClosed = (): void => {
    if (!this.hasExited) this.closing ??= wait(CLOSED, () => this.endBecause(CLOSED_CHANNEL));
  };

  private onExit(): void {
    unregister(this.pid);
    this.closing?.cancel();
    this.outgoing.destroy();
    this.endWhenQuiet();
  }

  /** Ends unless something is still coming. */
  private endWhenQuiet(): void {
    const before = this.received;
    this.lastWords = wait(STDERR_GRACE, () => {
      const isComing = this.received > before || (this.isAsked && this.output.isHeldBack);
      if (isComing) this.endWhenQuiet();
      else this.end();
    });
  }

  /** In bytes. */
  private get received(): number {
    return this.incoming.bytesRead + (this.isAsked ? this.output.received : 0);
  }

  private endIfComplete(): void {
    if (this.isClosed && (this.output.hasArrived || !this.isAsked)) this.end();
  }

  private end(): void {
    const { child, output, fault: error } = this;
    if (this.lastWords === undefined) return;
    this.lastWords.cancel();
    this.lastWords = undefined;
    this.incoming.destroy();
    // What holds them, or is slow to take what they carry, goes on; the program does not wait for it.
    for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
    this.listener.end({ code: child.exitCode, signal: child.signalCode, stderrTail: output.stderrTail, error });
  }
}
