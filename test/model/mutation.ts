/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Mutation = (bytes: Buffer, at: number, random: () => number) => Buffer;

const LONGEST = 64;

const length = (random: () => number): number => 1 + Math.floor(random() * LONGEST);
const DIGITS = Buffer.from('0123456789');
/** What JSON gives a meaning. */
const SIGNS = Buffer.from('-.eE"\\[]{},:tfn ');

const replaced = (bytes: Buffer, at: number, by: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = by;
  return copy;
};

const MUTATIONS: readonly Mutation[] = [
  (bytes, at, random) => replaced(bytes, at, bytes[at] ^ (1 << Math.floor(random() * 8))),
  (bytes, at, random) => replaced(bytes, at, Math.floor(random() * 256)),
  (bytes, at, random) => replaced(bytes, at, SIGNS[Math.floor(random() * SIGNS.length)]),
  // Another number, most often an id, an index or a length.
  (bytes, at, random) => {
    const digit = bytes.subarray(at).findIndex((byte) => DIGITS.includes(byte));
    return digit === -1 ? bytes : replaced(bytes, at + digit, DIGITS[Math.floor(random() * DIGITS.length)]);
  },
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length(random))]),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length(random), random() * 256), bytes.subarray(at)]),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at + length(random)), bytes.subarray(at)]),
  (bytes, at) => bytes.subarray(0, at),
];

/** Changes bytes at one to three random places. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  let mutated = bytes;
  for (let i = 1 + Math.floor(random() * 3); i > 0 && mutated.length > 0; i--) {
    const mutation = MUTATIONS[Math.floor(random() * MUTATIONS.length)];
    mutated = mutation(mutated, Math.floor(random() * mutated.length), random);
  }
  return mutated;
}
