import { checkRequest, type Metadata } from '../master/metadata';

/** A copy of what a pattern shall execute later, checked now. @throws TypeError */
export function checkedMetadata(task: string, metadata: Metadata | undefined): Metadata {
  checkRequest(task, metadata);
  return { ...metadata };
}
