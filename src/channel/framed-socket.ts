import type { Socket } from 'node:net';
import { readMessages } from '../protocol/batch';
import { FrameReader, writeFrame } from '../protocol/frames';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { inRealTicks } from '../platform';
import { LARGE_BATCH, Outbox } from './outbox';

/** A frame holds at most one message beyond a large batch, and a little of its own. */
const LARGEST_FRAME = 2 ** 32 - 1;

/** The two sockets between a master and a process, as one end sees them. */
export interface SocketPair {
  readonly incoming: Socket;
  readonly outgoing: Socket;
}

/**
 * Messages over sockets: one frame for each batch. Both ends of a process channel are one of these.
 *
 * Each direction has a socket of its own. Node destroys a socket when a write fails, with all bytes that wait in it: what a dead slave
 * has answered would be lost to a master that writes to it.
 */
export class FramedSocket<Out extends ToSlave | ToMaster, In extends ToSlave | ToMaster> {
  private readonly outbox: Outbox;

  constructor(
    private readonly sockets: SocketPair,
    private readonly maxPayload: number,
  ) {
    const { incoming, outgoing } = sockets;
    this.outbox = new Outbox(maxPayload, (batch) => {
      if (outgoing.destroyed) return;
      const parts = writeFrame(batch);
      inRealTicks(() => {
        if (parts.length === 1) {
          outgoing.write(parts[0]);
          return;
        }
        outgoing.cork();
        for (const part of parts) outgoing.write(part);
        outgoing.uncork();
      });
    });
    // Both are followed by 'close', which says enough.
    for (const socket of [incoming, outgoing]) socket.on('error', () => undefined);
  }

  send(message: Out, transfer?: readonly ArrayBuffer[]): void {
    this.outbox.send(message, transfer);
  }

  setMaxPayload(maxPayload: number): void {
    this.outbox.setMaxPayload(maxPayload);
  }

  flush(): void {
    this.outbox.flush();
  }

  /** @param onMalformed called once, when the bytes are not messages, after the messages before them; nothing is read after that */
  receive(handler: (message: In) => void, onMalformed: (error: Error) => void): void {
    const { incoming } = this.sockets;
    const reader = new FrameReader(Math.min(this.maxPayload + 2 * LARGE_BATCH, LARGEST_FRAME));
    const read = (piece: Buffer): void => {
      const messages: In[] = [];
      let fault: Error | undefined;
      try {
        reader.read(piece, (batch) => readMessages(batch, messages));
      } catch (error) {
        fault = error as Error;
      }
      for (const message of messages) handler(message);
      if (fault === undefined) return;
      incoming.off('data', read).resume();
      onMalformed(fault);
    };
    inRealTicks(() => incoming.on('data', read));
  }

  /** Sends what waits; `done` is called when the kernel has all of it. */
  drain(done: () => void): void {
    this.flush();
    inRealTicks(() => this.sockets.outgoing.write('', done));
  }
}
