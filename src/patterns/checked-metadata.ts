import { checkLaterRequest, type Metadata } from '../master/metadata';

/** A copy of what a pattern shall execute later, checked now. @throws TypeError */
export function checkedMetadata(task: string, metadata: Metadata | undefined): Metadata {
  checkLaterRequest(task, metadata);
  return { ...metadata };
}
