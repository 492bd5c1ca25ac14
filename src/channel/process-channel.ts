import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { SendOptions } from '../protocol/batch-writer';
import { writeFrame } from '../protocol/frames';
import type { ToMaster, ToSlave } from '../protocol/messages';
import type { DeathReason } from '../errors';
import {
  CLOSED_CHANNEL,
  NO_CHANNEL,
  type OpenChannel,
  type SlaveChannel,
  type SlaveConfig,
  type SlaveExit,
  type SlaveListener,
  type SpawnSpec,
} from './channel';
import { Claims } from '../protocol/claims';
import { openSharedFile } from './shared-file';
import { integersInFile } from './shared-integers';
import { CONFIG_VARIABLE } from './connect';
import { FD } from './process-channel-slave';
import { FramedSocket } from './framed-socket';
import { isOomKill, noteOomKills } from './oom-kills';
import { preloadArgs } from './preload-args';
import { unregister, register } from './reaper';
import { isLeftToMaster } from './signals-of-master';
import { SlaveOutput } from './slave-output';
import { wait, type Wait } from './wait';
import { toJson } from '../protocol/json';
import { inRealTicks, nextTick } from '../platform';

/** In ms: how long to wait for the output of a process after its exit. A grandchild may hold stderr open indefinitely. */
const STDERR_GRACE = 250;

/** In ms: how long a slave may live after its sockets have closed. At a normal exit, they close shortly before Node reports it. */
const CLOSED_GRACE = 1000;

/**
 * A slave in a separate process.
 *
 * Node's IPC is not used: with it, a malformed message from the child is an uncaught exception in the parent. Here, malformed frames are
 * caught, and only the child is killed.
 */
export const openProcess: OpenChannel = (start, listener) => inRealTicks(() => open(start, listener));

const open: OpenChannel = (start, listener) => {
  const fail = (error: Error) => listener.end({ code: null, signal: null, stderrTail: '', error });
  let child: ChildProcess;
  noteOomKills();
  const shared = listener.relay === undefined ? openSharedFile() : undefined;
  const close = () => shared === undefined || closeSync(shared);
  try {
    child = spawnSlave(start, shared);
  } catch (error) {
    close();
    nextTick(fail, error);
    return NO_CHANNEL;
  }
  if (child.pid === undefined) {
    close();
    child.on('error', fail);
    return NO_CHANNEL;
  }
  const end = (exit: SlaveExit): void => {
    listener.end(exit);
    slave.claims = undefined;
    close();
  };
  const slave = new SlaveProcess(child, child.pid, start, { ...listener, end });
  if (shared !== undefined) slave.claims = new Claims(integersInFile(shared));
  return slave;
};

/** @param shared the file for the claims */
function spawnSlave(start: SpawnSpec, shared: number | undefined): ChildProcess {
  const { stdout } = start;
  const config: SlaveConfig = { ...start.config, hasClaims: shared !== undefined };
  return spawn(start.execPath, [...start.execArgv, ...preloadArgs(start), config.file, ...start.args], {
    cwd: start.cwd,
    env: { ...start.env, [CONFIG_VARIABLE]: toJson(config) },
    stdio: ['ignore', typeof stdout === 'string' ? stdout : 'pipe', 'pipe', 'pipe', 'pipe', shared ?? 'ignore'],
    // A separate process group: Ctrl-C reaches only the master, which then ends its slaves, and `kill` reaches the slave's children too.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

class SlaveProcess implements SlaveChannel {
  claims: Claims | undefined;
  private readonly incoming: Socket;
  private readonly outgoing: Socket;
  private readonly socket: FramedSocket<ToSlave, ToMaster>;
  private readonly output = new SlaveOutput(() => this.endIfComplete());
  /** Whether an exit was requested. If so, the end is reported only when all output has arrived. */
  private isAsked = false;
  /** Whether the process and all of its streams have ended. */
  private isClosed = false;
  private fault: Error | undefined;
  private reason: DeathReason | undefined;
  private closedTimer: Wait | undefined;
  private outputTimer: Wait | undefined;

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
    if (listener.relay === undefined) {
      this.socket.receive(listener.message, (error) => this.endBecause(`It sent malformed data (${error.message}).`, 'crash'));
      if (data !== undefined) for (const part of writeFrame(data)) outgoing.write(part);
    } else listener.relay({ incoming, outgoing });
    incoming.on('close', this.onSocketClosed);
    // The slave never writes to this socket; it is read only to notice its end.
    outgoing.resume().on('close', this.onSocketClosed);
    child.on('exit', () => this.onExit());
    child.on('close', () => {
      this.isClosed = true;
      this.endIfComplete();
    });
    // Emitted when a signal could not be sent, which is not a failure of the slave.
    child.on('error', () => undefined);
  }

  send(message: ToSlave, options?: SendOptions): number {
    if (message.type === 'exit') this.isAsked = true;
    return this.socket.send(message, options);
  }

  kill(signal: NodeJS.Signals): void {
    // Output that has not arrived by the exit may be lost.
    this.isAsked = false;
    // After the exit, another process may have the same pid.
    if (this.hasExited) return this.endIfComplete();
    if (isLeftToMaster(signal)) return void this.socket.send({ type: 'kill', signal });
    try {
      process.kill(process.platform === 'win32' ? this.pid : -this.pid, signal);
    } catch {
      this.child.kill(signal);
    }
  }

  keepAlive(isKept: boolean): void {
    const { child } = this;
    if (this.hasExited) return;
    for (const handle of [child, this.incoming, this.outgoing, child.stdout as Socket | null, child.stderr as Socket | null]) {
      if (isKept) handle?.ref();
      else handle?.unref();
    }
  }

  private get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private endBecause(fault: string, reason: DeathReason): void {
    if (this.fault === undefined) this.reason = reason;
    this.fault ??= new Error(fault);
    this.kill('SIGKILL');
  }

  /** At a normal exit, the 'exit' event follows soon and cancels the timer. */
  private readonly onSocketClosed = (): void => {
    if (!this.hasExited) this.closedTimer ??= wait(CLOSED_GRACE, () => this.endBecause(CLOSED_CHANNEL, 'link'));
  };

  private onExit(): void {
    unregister(this.pid);
    this.closedTimer?.cancel();
    this.outgoing.destroy();
    this.endWhenQuiet();
  }

  /** Waits until no more data arrive, then reports the end. */
  private endWhenQuiet(): void {
    const before = this.received;
    this.outputTimer = wait(STDERR_GRACE, () => {
      const isReceiving = this.received > before || (this.isAsked && this.output.isHeldBack);
      if (isReceiving) this.endWhenQuiet();
      else this.end();
    });
  }

  /** Bytes received, to notice whether data still arrive. */
  private get received(): number {
    return this.incoming.bytesRead + (this.isAsked ? this.output.received : 0);
  }

  private endIfComplete(): void {
    if (this.isClosed && (this.output.hasArrived || !this.isAsked)) this.end();
  }

  private end(): void {
    const { child, output, fault: error } = this;
    const reason = this.reason ?? reasonOf(child, output.stderrTail);
    if (this.outputTimer === undefined) return;
    this.outputTimer.cancel();
    this.outputTimer = undefined;
    this.incoming.destroy();
    // A grandchild or a slow reader may keep them open, which must not keep the program alive.
    for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
    this.listener.end({ code: child.exitCode, signal: child.signalCode, stderrTail: output.stderrTail, error, reason });
  }
}

/** Node's last line on stderr after an exception that nothing caught. */
const UNCAUGHT = /\nNode\.js v\d+\.\d+\.\d+[^\n]*\n?$/;

/** What the kernel's counters and the end of stderr tell of a death. Under a shell or a debugger, the signal of an abort becomes the exit code 134. */
function reasonOf({ signalCode, exitCode }: ChildProcess, stderrTail: string): DeathReason | undefined {
  if (signalCode === 'SIGKILL' && isOomKill()) return 'out of memory';
  const isAbort = signalCode === 'SIGABRT' || exitCode === 134;
  if (isAbort && stderrTail.includes('JavaScript heap out of memory')) return 'out of memory';
  return exitCode !== 0 && UNCAUGHT.test(stderrTail) ? 'crash' : undefined;
}
