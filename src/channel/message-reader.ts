import { readMessages } from '../protocol/batch';
import { FrameReader } from '../protocol/frames';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { LARGE_BATCH } from './outbox';

/** In bytes. The frame format has 32-bit lengths. */
const LARGEST_FRAME = 2 ** 32 - 1;

/**
 * Makes a function that takes the chunks of a byte stream and passes its messages on.
 *
 * @param maxPayload the largest size of one message, in bytes
 * @param onMalformed called once, when the bytes are not messages. The messages before them are delivered first; later bytes are discarded
 */
export function messageReader(
  maxPayload: number,
  handler: (message: never) => void,
  onMalformed: (error: Error) => void,
): (chunk: Buffer) => void {
  // A frame holds at most a large batch, one message beyond it, and the frame's own fields.
  const reader = new FrameReader(Math.min(maxPayload + 2 * LARGE_BATCH, LARGEST_FRAME));
  let isMalformed = false;
  return (chunk) => {
    if (isMalformed) return;
    const messages: (ToSlave | ToMaster)[] = [];
    let fault: Error | undefined;
    try {
      reader.read(chunk, (batch) => readMessages(batch, messages));
    } catch (error) {
      isMalformed = true;
      fault = error as Error;
    }
    for (const message of messages) handler(message as never);
    if (fault !== undefined) onMalformed(fault);
  };
}
