/**
 * Any value <-> JSON and raw bytes, with the fidelity of structured clone, errors included, and cycles and shared
 * references kept.
 *
 * A packed value is `[slot, node, node, …]`. A *slot* stands where a value stands: a JSON primitive for itself, `[n]` for the
 * n-th node, or a {@link Slot} kind with its string. A *node* is one object: its
 * kind, then what it holds. Both directions go through the nodes in a loop, so depth costs no stack.
 */
export type Packed = [root: unknown, ...nodes: unknown[]];

/** Kinds of slots besides JSON's own values and references. */
export const Slot = {
  UNDEFINED: 'u',
  /** A number that JSON lacks, as a string. */
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
  BOXED: 'w',
  ERROR: 'e',
} as const;

/** The classes of the bytes in a node, besides Buffer, ArrayBuffer and DataView. */
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
