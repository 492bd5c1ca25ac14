import type { FileIdentity } from './file-identity';
import { type ReadAs, sizeOf } from './read-as';

/** One file in memory, in each form that it was asked for. */
export class CachedFile {
  /** How often it was answered from here. */
  hits = 0;
  /** In bytes. */
  size = 0;
  private readonly contents = new Map<ReadAs, Buffer | string>();

  constructor(
    readonly path: string,
    readonly identity: FileIdentity,
  ) {}

  /** For the caller to do with as it likes; undefined when the file must be read for it. */
  get(form: ReadAs): Buffer | string | undefined {
    const content = this.contents.get(form);
    return typeof content === 'object' ? Buffer.from(content) : content;
  }

  /** The bytes themselves, not to be written to. */
  get bytes(): Buffer | undefined {
    return this.contents.get('buffer') as Buffer | undefined;
  }

  add(form: ReadAs, content: Buffer | string): void {
    if (this.contents.has(form)) return;
    this.contents.set(form, content);
    this.size += sizeOf(content);
  }
}
