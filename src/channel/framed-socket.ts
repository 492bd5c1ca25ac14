import type { Batch } from '../protocol/batch';
import type { SendOptions } from '../protocol/batch-writer';
import { writeFrame } from '../protocol/frames';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { inRealTicks } from '../platform';
import type { SocketPair } from './channel';
import { messageReader } from './message-reader';
import { Outbox } from './outbox';

/**
 * Messages over sockets, one frame for each batch. Both ends of a process channel use this class.
 *
 * Each direction has a separate socket. Node destroys a socket when a write fails, including the bytes not read yet: with one socket, a
 * master that writes to a dead slave would lose the answers that the slave had sent.
 */
export class FramedSocket<Out extends ToSlave | ToMaster, In extends ToSlave | ToMaster> {
  private readonly outbox: Outbox;

  constructor(
    private readonly sockets: SocketPair,
    private readonly maxPayload: number,
  ) {
    const { incoming, outgoing } = sockets;
    this.outbox = new Outbox(maxPayload, (batch) => this.write(batch), false);
    // A 'close' event follows each error and is handled there.
    for (const socket of [incoming, outgoing]) socket.on('error', () => undefined);
  }

  send(message: Out, options?: SendOptions): number {
    return this.outbox.send(message, options);
  }

  setMaxPayload(maxPayload: number): void {
    this.outbox.setMaxPayload(maxPayload);
  }

  flush(): void {
    this.outbox.flush();
  }

  /**
   * Starts reading.
   *
   * @param onMalformed called once, when the bytes are not messages. The messages before them are delivered first; later bytes are discarded
   */
  receive(handler: (message: In) => void, onMalformed: (error: Error) => void): void {
    const read = messageReader(this.maxPayload, handler, onMalformed);
    inRealTicks(() => this.sockets.incoming.on('data', read));
  }

  /** Sends the queued messages. Calls `done` once the kernel has accepted all bytes. */
  drain(done: () => void): void {
    this.flush();
    inRealTicks(() => this.sockets.outgoing.write('', done));
  }

  private write(batch: Batch): void {
    const { outgoing } = this.sockets;
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
  }
}
