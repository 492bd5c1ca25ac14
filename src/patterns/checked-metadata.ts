import { validateCall, type Metadata } from '../requests/metadata';

/** A copy of what a pattern shall execute later, checked now. @throws TypeError */
export function checkedMetadata(task: string, metadata: Metadata | undefined): Metadata {
  validateCall(task, metadata);
  return { ...metadata };
}
