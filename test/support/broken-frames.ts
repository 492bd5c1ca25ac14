import { writeFrame } from '../../src/protocol/frames';
import { pack } from '../../src/protocol/pack';

/** The forms of messages, as `protocol/batch.ts` numbers them. */
const VALUE = 2;
const EMPTY_VALUE = 3;
const PACKED = 4;
const BUFFER_ITEM = 8;
const UNKNOWN_FORM = 99;

/** A complete frame with any string, as a broken slave may send it. */
export const frame = (json: string, ...blobs: Uint8Array[]): Buffer => Buffer.concat(writeFrame({ json, blobs }));

/** A frame with messages: of each its form, then its fields. */
const batch = (fields: unknown[], ...blobs: Uint8Array[]): Buffer => frame(JSON.stringify(fields), ...blobs);

/** The answer to a request. */
export const answer = (id: unknown, value: string): Buffer => batch([VALUE, id, value]);

/** A message of any content. */
export const message = (content: object): Buffer => {
  const blobs: Uint8Array[] = [];
  return batch([PACKED, 0, pack(content, blobs)], ...blobs);
};

/** A message of these nodes, as `protocol/pack.ts` writes them; the first one is the message itself. */
export const nodes = (list: unknown[], ...blobs: Uint8Array[]): Buffer => batch([PACKED, 0, [[0], ...list]], ...blobs);

/** An object that cannot be converted to a string. */
export const UNPRINTABLE = { toString: 1, valueOf: 1 };

/** Malformed data. */
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
  'an unknown form': batch([UNKNOWN_FORM]),
  'an unknown node': nodes([['?']]),
  'a node that is no list': nodes([null]),
  'a reference to nothing': batch([PACKED, 0, [[7], ['o']]]),
  'bytes that are not there': nodes([['b', 'Buffer', 5]]),
  'an item of bytes that are not there': batch([BUFFER_ITEM, 1, 0]),
  'an unknown class of bytes': nodes([['b', 'constructor', 0]], new Uint8Array(8)),
  'an unknown class of errors': nodes([['e', 'constructor', [], []]]),
  'a broken regular expression': nodes([['r', '(', '', 0]]),
  'no object': batch([PACKED, 0, [5]]),
  'an answer to no number': answer('length', 'forged'),
  'an answer to a method': batch([EMPTY_VALUE, 'push']),
  'an error for no number': message({ type: 'error', id: 'length', error: new Error('e') }),
  'a message without a type': message({ id: 1 }),
  'a ready message without tasks': message({ type: 'ready' }),
  'task defaults that are no object': message({ type: 'tasks', tasks: [{ name: 'a', defaults: 5 }] }),
  'a task timeout that is no number': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { timeout: UNPRINTABLE } }] }),
  'a task timeout of NaN': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { timeout: NaN } }] }),
  'retries that are no whole number': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { retries: 0.5 } }] }),
  'retries without end': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { retries: Infinity } }] }),
  'an unknown way to cancel': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { cancel: 'constructor' } }] }),
  'a negative grace': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { grace: -1 } }] }),
  'idempotence that is neither true nor false': message({ type: 'tasks', tasks: [{ name: 'a', defaults: { idempotent: 'yes' } }] }),
  'tasks without names': message({ type: 'tasks', tasks: [UNPRINTABLE] }),
  'a purge without its counts': message({ type: 'purged', id: 0 }),
  'a purge of less than nothing': message({ type: 'purged', id: 0, files: 0, results: -1, bytes: NaN }),
  'a refusal for no reason': message({ type: 'refused', id: 0, refusal: { reason: UNPRINTABLE } }),
  'a refusal without words': message({ type: 'refused', id: 0, refusal: { reason: 'not serializable', path: UNPRINTABLE, found: 'x' } }),
};
