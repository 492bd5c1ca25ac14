import type { FileIdentity } from './file-identity';
import { type ReadAs, sizeOf } from './read-as';

/** One file in memory, in each form that was read. */
export class CachedFile {
  /** How many reads it answered. */
  hits = 0;
  /** In bytes. */
  size = 0;
  private readonly contents = new Map<ReadAs, Buffer | string>();

  constructor(
    readonly path: string,
    readonly identity: FileIdentity,
  ) {}

  /** A copy that the caller may change; undefined when the file must be read in this form. */
  get(form: ReadAs): Buffer | string | undefined {
    const content = this.contents.get(form);
    return typeof content === 'object' ? Buffer.from(content) : content;
  }

  /** The bytes themselves, which must not be changed. */
  get bytes(): Buffer | undefined {
    return this.contents.get('buffer') as Buffer | undefined;
  }

  add(form: ReadAs, content: Buffer | string): void {
    if (this.contents.has(form)) return;
    this.contents.set(form, content);
    this.size += sizeOf(content);
  }
}
