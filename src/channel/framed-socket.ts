import type { Socket } from 'node:net';
import { readBatch } from '../protocol/batch';
import { FrameReader, writeFrame } from '../protocol/frames';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { LARGE_BATCH, Outbox } from './outbox';

/** A frame holds at most one message beyond a large batch, and a little of its own. */
const LARGEST_FRAME = 2 ** 32 - 1;

/** Messages over a socket: one frame for each batch. Both ends of a process channel are one of these. */
export class FramedSocket<Out extends ToSlave | ToMaster, In extends ToSlave | ToMaster> {
  private readonly outbox: Outbox;

  constructor(
    private readonly socket: Socket,
    private readonly maxPayload: number,
  ) {
    this.outbox = new Outbox(maxPayload, (batch) => {
      if (socket.destroyed) return;
      const parts = writeFrame(batch);
      if (parts.length === 1) {
        socket.write(parts[0]);
        return;
      }
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    });
    // A far end that dies while it is written to shows as EPIPE here; that it died is seen elsewhere.
    socket.on('error', () => socket.destroy());
  }

  send(message: Out): void {
    this.outbox.send(message);
  }

  limit(maxPayload: number): void {
    this.outbox.limit(maxPayload);
  }

  flush(): void {
    this.outbox.flush();
  }

  /** @param broken called once, when the bytes that came are not messages; nothing is read after that */
  receive(handler: (message: In) => void, broken: (error: Error) => void): void {
    const reader = new FrameReader(Math.min(this.maxPayload + 2 * LARGE_BATCH, LARGEST_FRAME));
    const read = (piece: Buffer): void => {
      let messages: In[];
      try {
        messages = reader.push(piece).flatMap((batch) => readBatch(batch) as In[]);
      } catch (error) {
        this.socket.off('data', read).resume();
        broken(error as Error);
        return;
      }
      for (const message of messages) handler(message);
    };
    this.socket.on('data', read);
  }

  /** Sends what waits, then hangs up; `done` is called when all of it is with the kernel. */
  end(done: () => void): void {
    this.flush();
    this.socket.end(done);
  }
}
