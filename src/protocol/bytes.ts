/** Copies bytes, so that the sender may change its buffer. Not by `slice`, which first fills the copy with zeros. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return new Uint8Array(copy.buffer);
}

/** A Buffer over the same memory, for bytes that only the message uses. */
export function viewAsBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/**
 * An ArrayBuffer that holds exactly these bytes; a copy if necessary. In a vm context, a Buffer's memory belongs to the main realm, where
 * `instanceof ArrayBuffer` of this realm is false.
 */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer;
  const own = new ArrayBuffer(byteLength);
  new Uint8Array(own).set(bytes);
  return own;
}
