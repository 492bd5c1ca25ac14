import { Socket } from 'node:net';
import type { ToMaster, ToSlave } from '../protocol/messages';
import type { MasterChannel, SlaveConfig } from './channel';
import { FramedSocket } from './framed-socket';

/** Where a process finds its end of the socket: beside stdin, stdout and stderr. */
export const FD = 3;

/** The slave's end of a process channel: the inverse of `openProcess`, in a file of its own because it starts no processes. */
export function connectProcess(config: SlaveConfig): MasterChannel {
  const socket = new Socket({ fd: FD, readable: true, writable: true });
  // Nobody is left to work for. A slave that is too busy to see this is ended by the reaper.
  socket.on('close', () => process.exit());
  const framed = new FramedSocket<ToMaster, ToSlave>(socket, config.maxPayload ?? Infinity);
  return {
    send: (message) => framed.send(message),
    limit: (maxPayload) => framed.limit(maxPayload),
    flush: () => framed.flush(),
    receive: (handler) => framed.receive(handler, () => process.exit(1)),
    end: () => framed.end(() => process.exit()),
  };
}
