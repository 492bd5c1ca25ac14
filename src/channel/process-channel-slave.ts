import { Socket } from 'node:net';
import type { ToMaster, ToSlave } from '../protocol/messages';
import type { MasterChannel, SlaveConfig } from './channel';
import { drainOutput, unsentOutput, writeSynchronously } from './drain-output';
import { FramedSocket } from './framed-socket';
import { leaveSignalsToMaster, raiseForMaster } from './signals-of-master';

/** File descriptors in the slave process, after stdin, stdout and stderr: the two sockets, and the file for the claims. */
export const FD = { toMaster: 3, fromMaster: 4, claims: 5 } as const;

/** The slave's end of a process channel. In a separate file, so that slaves do not load `node:child_process`. */
export function connectProcess(config: SlaveConfig): MasterChannel {
  leaveSignalsToMaster();
  // Read synchronously, so before the event loop reads from the socket.
  const data = config.hasData ? lazy.readData() : undefined;
  const outgoing = new Socket({ fd: FD.toMaster, readable: false, writable: true });
  const incoming = new Socket({ fd: FD.fromMaster, readable: true, writable: false });
  // The master has ended. If this slave is too busy to notice, the reaper kills it.
  incoming.on('end', () => process.exit()).on('error', () => process.exit());
  const framed = new FramedSocket<ToMaster, ToSlave>({ incoming, outgoing }, config.maxPayload ?? Infinity);
  process.on('exit', () => {
    const bytes = unsentOutput();
    if (bytes > 0) framed.send({ type: 'lost output', bytes });
  });
  return {
    data,
    claims: config.hasClaims ? lazy.claims : undefined,
    sharesProcess: false,
    send: (message) => framed.send(message),
    setMaxPayload: (maxPayload) => framed.setMaxPayload(maxPayload),
    flush: () => framed.flush(),
    receive: (handler) => {
      const receive = (message: ToSlave): void => (message.type === 'kill' ? raiseForMaster(message.signal) : handler(message));
      framed.receive(receive, () => process.exit(1));
    },
    end: () =>
      framed.drain(() =>
        drainOutput(() => {
          writeSynchronously();
          process.exit();
        }),
      ),
  };
}

/* eslint-disable @typescript-eslint/no-require-imports -- most slaves have no data, and many are not handed requests ahead */
const lazy = {
  claims: () => {
    const { Claims } = require('../protocol/claims') as typeof import('../protocol/claims');
    const { integersInFile } = require('./shared-integers') as typeof import('./shared-integers');
    return new Claims(integersInFile(FD.claims));
  },
  readData: () => {
    const { readFirstFrame } = require('./first-frame') as typeof import('./first-frame');
    const { decodeData } = require('../protocol/slave-data') as typeof import('../protocol/slave-data');
    return decodeData(readFirstFrame(FD.fromMaster));
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */
