import type { SlaveHandle } from './slave-handle';

/** What {@link pickByKey} knows a slave by. */
type Named = Pick<SlaveHandle, 'id' | 'alias'>;

/**
 * The slave of a key, by rendezvous hashing: each slave has a score for the key, and the highest wins. When a slave leaves, only its
 * keys get another one; a slave that joins takes over only the keys for which it has the highest score.
 *
 * A slave is hashed by its alias if it has one, so that a replacement with the same alias gets the keys of its predecessor.
 */
export function pickByKey<Slave extends Named>(slaves: Iterable<Slave>, key: string): Slave | undefined {
  let best: Slave | undefined;
  let bestScore = -1;
  for (const slave of slaves) {
    // As JSON, the id 1 differs from the alias '1'.
    const score = hash(`${JSON.stringify(slave.alias ?? slave.id)}:${key}`);
    if (score <= bestScore) continue;
    best = slave;
    bestScore = score;
  }
  return best;
}

/** FNV-1a over UTF-16 code units, then the finalizer of MurmurHash3, which lets each bit of the input change each bit of the hash. */
function hash(string: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < string.length; i++) hash = Math.imul(hash ^ string.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
