import { validateCall, type Metadata } from '../requests/metadata';

/**
 * Validates the arguments of a task that a pattern executes later, and copies its metadata.
 *
 * @throws TypeError
 */
export function checkedMetadata(task: string, metadata: Metadata | undefined): Metadata {
  validateCall(task, metadata);
  return { ...metadata };
}
