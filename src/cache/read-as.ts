/** The canonical name of an encoding; some have several names. */
type Encoding = 'utf8' | 'utf16le' | 'latin1' | 'ascii' | 'base64' | 'base64url' | 'hex';

/** The form in which a file is read. */
export type ReadAs = 'buffer' | Encoding;

const READERS: Record<BufferEncoding, Encoding> = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  utf16le: 'utf16le',
  'utf-16le': 'utf16le',
  latin1: 'latin1',
  binary: 'latin1',
  ascii: 'ascii',
  base64: 'base64',
  base64url: 'base64url',
  hex: 'hex',
};
const BY_NAME = new Map<string, ReadAs>(Object.entries(READERS));

/** Undefined for an unknown encoding. */
export function readAs(encoding: unknown): ReadAs | undefined {
  if (encoding === undefined || encoding === null) return 'buffer';
  if (typeof encoding !== 'string') return undefined;
  return BY_NAME.get(encoding) ?? BY_NAME.get(encoding.toLowerCase());
}

/** @throws TypeError for an unknown encoding */
export function checkedReadAs(encoding: BufferEncoding | null | undefined): ReadAs {
  const form = readAs(encoding);
  if (form === undefined) throw new TypeError(`There is no encoding ${String(encoding)}. There are: ${[...BY_NAME.keys()].join(', ')}.`);
  return form;
}

/** The approximate bytes in memory. V8 stores a string in one byte per character when all are Latin-1, else in two. */
export function sizeOf(content: Buffer | string): number {
  if (typeof content !== 'string') return content.length;
  // eslint-disable-next-line no-control-regex -- all of Latin-1; V8 answers at once for a one-byte string
  return /[^\x00-\xff]/.test(content) ? 2 * content.length : content.length;
}
