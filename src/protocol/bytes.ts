/** Bytes of their own: the sender may change its buffer at once. Not by `slice`, which would fill the copy with zeros first. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return new Uint8Array(copy.buffer);
}

/** A Buffer over bytes that are nobody else's. */
export function viewAsBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** In a vm context, the memory of a Buffer is of the main realm, and no `instanceof ArrayBuffer` here. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer;
  const own = new ArrayBuffer(byteLength);
  new Uint8Array(own).set(bytes);
  return own;
}
