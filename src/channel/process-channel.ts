import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { CLOSED_CHANNEL, type OpenChannel } from './channel';
import { CONFIG_VARIABLE } from './connect';
import { FD } from './process-channel-slave';
import { FramedSocket } from './framed-socket';
import { preloadArgs } from './preload-args';
import { unregister, register } from './reaper';
import { StderrTail } from './stderr-tail';
import { wait, type Wait } from './wait';

/** In ms: how long the last words of an ended process may take. A grandchild that holds its stderr would take for ever. */
const STDERR_GRACE = 250;

/** In ms: how long a slave may live without its sockets. They close a little before the end of a process is known. */
const CLOSED = 1000;

/**
 * A slave in a process of its own.
 *
 * Not Node's IPC: there, a malformed message from the child is an uncaught exception in the parent. This socket carries
 * frames whose faults are caught here and cost only the child.
 */
export const openProcess: OpenChannel = (start, listener) => {
  const { config, stdout, stderr } = start;
  const fail = (error: Error) => listener.end({ code: null, signal: null, stderrTail: '', error });
  const failedChannel = { pid: undefined, send: () => undefined, kill: () => undefined };
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [...start.execArgv, ...preloadArgs(start), config.file, ...start.args], {
      cwd: start.cwd,
      env: { ...start.env, [CONFIG_VARIABLE]: JSON.stringify(config) },
      stdio: ['ignore', typeof stdout === 'string' ? stdout : 'pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches the master alone, which then leads, and kill reaches what the slave has started.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    process.nextTick(fail, error);
    return failedChannel;
  }
  const { pid } = child;
  if (pid === undefined) {
    child.on('error', fail);
    return failedChannel;
  }
  register(pid);

  const tail = new StderrTail(child.stderr as Readable, stderr);
  if (typeof stdout !== 'string') child.stdout?.pipe(stdout, { end: false });

  const kill = (signal: NodeJS.Signals): void => {
    // Once it has ended, the number may belong to a stranger.
    if (child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, signal);
    } catch {
      child.kill(signal);
    }
  };

  let protocolError: Error | undefined;
  const endBecause = (reason: string): void => {
    protocolError ??= new Error(reason);
    kill('SIGKILL');
  };
  const incoming = child.stdio[FD.toMaster] as Socket;
  const outgoing = child.stdio[FD.fromMaster] as Socket;
  const framedSocket = new FramedSocket<ToSlave, ToMaster>({ incoming, outgoing }, config.maxPayload ?? Infinity);
  framedSocket.receive(listener.message, (error) => endBecause(`It sent bytes that are no message (${error.message}).`));

  // A slave that has ended is known to have ended soon after its sockets have closed.
  let closed: Wait | undefined;
  const onClose = (): void => {
    closed ??= wait(CLOSED, () => endBecause(CLOSED_CHANNEL));
  };
  incoming.on('close', onClose);
  // Nothing comes here but its end.
  outgoing.resume().on('close', onClose);

  let graceTimer: Wait | undefined;
  const end = (): void => {
    child.off('close', end);
    graceTimer?.cancel();
    child.stderr?.destroy();
    incoming.destroy();
    listener.end({ code: child.exitCode, signal: child.signalCode, stderrTail: tail.toString(), error: protocolError });
  };
  /** Ends unless messages are still coming. */
  const endWhenRead = (): void => {
    const { bytesRead } = incoming;
    graceTimer = wait(STDERR_GRACE, () => (incoming.bytesRead > bytesRead ? endWhenRead() : end()));
  };
  child.on('close', end);
  child.on('exit', () => {
    unregister(pid);
    incoming.off('close', onClose);
    outgoing.off('close', onClose).destroy();
    closed?.cancel();
    endWhenRead();
  });
  // A signal that could not be sent ends nothing.
  child.on('error', () => undefined);

  return { pid, send: (message, transfer) => framedSocket.send(message, transfer), kill };
};
