import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ToMaster, ToSlave } from '../protocol/messages';
import type { OpenChannel } from './channel';
import { CONFIG_VARIABLE } from './connect';
import { FD } from './connect-process';
import { FramedSocket } from './framed-socket';
import { preload } from './preload';
import { unwatch, watch } from './reaper';
import { StderrTail } from './stderr-tail';

/** In ms: how long the last words of an ended process may take. A grandchild that holds its stderr would take for ever. */
const LAST_WORDS = 250;

/**
 * A slave in a process of its own.
 *
 * Not Node's IPC: there, a malformed message from the child is an uncaught exception in the parent. This socket carries
 * frames whose faults are caught here and cost only the child.
 */
export const openProcess: OpenChannel = (start, listener) => {
  const { config, stdout, stderr } = start;
  const fail = (error: Error) => listener.end({ code: null, signal: null, stderrTail: '', error });
  const stillborn = { pid: undefined, send: () => undefined, kill: () => undefined };
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [...start.execArgv, ...preload(start), config.file, ...start.args], {
      cwd: start.cwd,
      env: { ...start.env, [CONFIG_VARIABLE]: JSON.stringify(config) },
      stdio: ['ignore', typeof stdout === 'string' ? stdout : 'pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches the master alone, which then leads, and kill reaches what the slave has started.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    process.nextTick(fail, error);
    return stillborn;
  }
  const { pid } = child;
  if (pid === undefined) {
    child.on('error', fail);
    return stillborn;
  }
  watch(pid);

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

  let fault: Error | undefined;
  const wire = child.stdio[FD] as Socket;
  const socket = new FramedSocket<ToSlave, ToMaster>(wire, config.maxPayload ?? Infinity);
  socket.receive(listener.message, (error) => {
    fault = new Error(`It sent bytes that are no message (${error.message}).`);
    kill('SIGKILL');
  });

  let lastWords: NodeJS.Timeout | undefined;
  const end = (code: number | null, signal: string | null): void => {
    child.off('close', end);
    clearTimeout(lastWords);
    child.stderr?.destroy();
    wire.destroy();
    listener.end({ code, signal, stderrTail: tail.toString(), error: fault });
  };
  child.on('close', end);
  child.on('exit', (code, signal) => {
    unwatch(pid);
    lastWords = setTimeout(end, LAST_WORDS, code, signal);
  });
  // A signal that could not be sent ends nothing.
  child.on('error', () => undefined);

  return { pid, send: (message, transfer) => socket.send(message, transfer), kill };
};
