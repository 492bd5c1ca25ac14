import { checkRequest, type Metadata } from '../master/metadata';
import { toMilliseconds } from '../units';

/** A copy of what a pattern shall execute later, checked now: a mistake is shown where it was made. @throws TypeError */
export function checkedMetadata(task: string, metadata: Metadata | undefined): Metadata {
  checkRequest(task, metadata);
  toMilliseconds(metadata?.timeout ?? Infinity, 'metadata.timeout');
  return { ...metadata };
}
