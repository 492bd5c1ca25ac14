import { isSent, isStreamable } from '../protocol/streamable';
import { checkData, type Metadata } from './metadata';
import { timesOf } from './retries';

/** The reason why data can be sent only once; undefined if they can be sent any number of times. */
export function singleUseReason(data: unknown, metadata: Metadata | undefined): string | undefined {
  if (isStreamable(data)) return 'A stream can be read only once';
  return metadata?.transfer?.length ? 'The buffers in metadata.transfer can be moved only once' : undefined;
}

/** @throws TypeError for functions, and for single-use data that would be sent twice */
export function checkSingleUse(data: unknown, metadata: Metadata | undefined, slaves = 1): void {
  checkData(data);
  const reason = singleUseReason(data, metadata);
  if (reason === undefined) return;
  if (isStreamable(data) && isSent(data)) throw new TypeError(`${reason}, and this one has been sent already: make a new one.`);
  if (timesOf(metadata?.retries) > 0) throw new TypeError(`${reason}: leave out metadata.retries.`);
  if (slaves > 1) throw new TypeError(`${reason}: send the data to one slave and one time, not ${slaves}.`);
}
