/**
 * A value as JSON and raw bytes, with the fidelity of structured clone: includes errors, cycles and shared references.
 *
 * The form is `[slot, node, node, …]`. A *slot* is the place of a value: a JSON primitive itself, `[n]` for the n-th node, or a kind of
 * {@link Slot} with a string. A *node* is one object: its kind, then its members. Packing and unpacking iterate over the nodes, so that
 * deep values do not overflow the stack.
 */
export type Packed = [root: unknown, ...nodes: unknown[]];

/** Kinds of slots, in addition to JSON primitives and references. */
export const Slot = {
  UNDEFINED: 'u',
  /** A number that JSON cannot express, as a string. */
  NUMBER: 'n',
  /** In hexadecimal. */
  BIGINT: 'i',
} as const;

/** Kinds of nodes. */
export const Node = {
  OBJECT: 'o',
  ARRAY: 'a',
  SPARSE_ARRAY: 'h',
  MAP: 'm',
  SET: 's',
  DATE: 'd',
  REGEXP: 'r',
  BYTES: 'b',
  /** An object that is posted with the batch: see `NativeObjects`. */
  NATIVE: 'n',
  /** A view of a SharedArrayBuffer. */
  SHARED_VIEW: 'v',
  BOXED: 'w',
  ERROR: 'e',
} as const;

/** Classes of nodes of bytes, in addition to Buffer, ArrayBuffer and DataView. */
export const TYPED_ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
