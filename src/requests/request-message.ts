import type { Request, ToMaster } from '../protocol/messages';
import { metadataToSend } from './metadata';
import type { PendingRequest } from './pending-request';

/** A message of the slave about a request. */
export type RequestMessage = Extract<
  ToMaster,
  { type: 'value' | 'error' | 'refused' | 'item' | 'end' | 'progress' | 'credit' | 'cancel-input' | 'pace' }
>;

/** What the slave is sent of a request. The items of data that are a stream follow. */
export function requestMessage({ id, task, data, attempt, metadata, trace, startInput, handedAhead }: PendingRequest): Request {
  const isInput = startInput !== undefined;
  const message: Request = {
    type: 'request',
    id,
    task,
    attempt,
    data: isInput ? undefined : data,
    metadata: metadataToSend(metadata, trace),
  };
  if (metadata?.highWaterMark !== undefined) message.window = metadata.highWaterMark;
  if (isInput) message.input = true;
  if (handedAhead !== undefined) message.limit = handedAhead.limit;
  return message;
}
