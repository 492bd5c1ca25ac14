import { isUtf8 } from 'node:buffer';

/**
 * A path with one character for each of its bytes. File names are bytes and need not be UTF-8: in this form, every name is preserved
 * and can be sent and compared as a string.
 */
export type BytePath = string;

export function toBytePath(path: string | Buffer): BytePath {
  return (typeof path === 'string' ? Buffer.from(path) : path).toString('latin1');
}

/** The inverse of {@link toBytePath}: the path for the functions of `node:fs`. */
export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path for display: bytes that are not UTF-8 and control characters are escaped. */
export function readable(path: BytePath): string {
  const bytes = toBytes(path);
  const text = isUtf8(bytes) ? bytes.toString() : path.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
