import { writeFrame } from '../../src/protocol/frames';
import { pack } from '../../src/protocol/values';

/** A frame as a broken slave may send it: whole, but with any text at all. */
export const frame = (text: string, ...blobs: Uint8Array[]): Buffer => Buffer.concat(writeFrame({ text, blobs }));

/** One with a message of any content. */
export const message = (content: object): Buffer => {
  const blobs: Uint8Array[] = [];
  const packed = pack(content, blobs);
  return frame(`[4,0,${JSON.stringify(packed)}]`, ...blobs);
};

/** An object that cannot be put into a text. */
export const WITHOUT_WORDS = { toString: 1, valueOf: 1 };

/** Bytes that are no messages. */
export const BROKEN: Record<string, Buffer> = {
  'bytes at random': Buffer.from('ffa0b1c2d3e4f5061728394a5b6c7d8e9f', 'hex'),
  text: Buffer.from('console.log("hello")\n'.repeat(100)),
  'a length beyond the limit': Buffer.from([0xff, 0xff, 0xff, 0xff]),
  'a length without room for its own numbers': Buffer.alloc(4),
  'a text beyond its frame': Buffer.from([0, 0, 0, 8, 0xff, 0, 0, 0, 0, 0, 0, 0]),
  'more blobs than a frame can hold': Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
  'no JSON': frame('[1, 2'),
  'no list': frame('null'),
  'brackets without end': frame('['.repeat(100_000)),
  'an unknown form': frame('[99]'),
  'an unknown node': frame('[4,0,[[0],["?"]]]'),
  'a node that is no list': frame('[4,0,[[0],null]]'),
  'a reference to nothing': frame('[4,0,[[7],["o"]]]'),
  'bytes that are not there': frame('[4,0,[[0],["b","Buffer",5]]]'),
  'an item of bytes that are not there': frame('[8,1,0]'),
  'an unknown class of bytes': frame('[4,0,[[0],["b","constructor",0]]]', new Uint8Array(8)),
  'an unknown class of errors': frame('[4,0,[[0],["e","constructor",[],[]]]]'),
  'a broken regular expression': frame('[4,0,[[0],["r","(","",0]]]'),
  'no object': frame('[4,0,[5]]'),
  'an answer to no number': frame('[2,"length",1]'),
  'an answer to a method': frame('[3,"push"]'),
  'an error for no number': message({ type: 'error', id: 'length', error: new Error('e') }),
  'a message without a type': message({ id: 1 }),
  'a ready message without tasks': message({ type: 'ready' }),
  'tasks without names': message({ type: 'tasks', tasks: [WITHOUT_WORDS] }),
  'a purge without its counts': message({ type: 'purged', id: 0 }),
  'a purge of less than nothing': message({ type: 'purged', id: 0, files: 0, results: -1, bytes: NaN }),
  'a refusal for no reason': message({ type: 'refused', id: 0, refusal: { reason: WITHOUT_WORDS } }),
  'a refusal without words': message({ type: 'refused', id: 0, refusal: { reason: 'not serializable', path: WITHOUT_WORDS, found: 'x' } }),
};
