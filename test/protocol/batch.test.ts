import { expect } from 'chai';
import fc from 'fast-check';
import { PayloadTooLargeError, SerializationError } from '../../src/errors';
import { readBatch } from '../../src/protocol/batch';
import { BatchWriter } from '../../src/protocol/batch-writer';
import type { ToMaster, ToSlave } from '../../src/protocol/messages';
import { expectSame, values } from './arbitraries';

type Message = ToSlave | ToMaster;

const id = fc.nat();
const metadata = fc.option(fc.dictionary(fc.string(), values));
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const messages: fc.Arbitrary<Message> = fc.oneof(
  fc
    .tuple(
      fc.record({ id, task: fc.string({ unit: 'grapheme' }), attempt: fc.integer({ min: 1, max: 3 }), data: values, metadata }),
      fc.record({ window: count, input: fc.constant(true as const) }, { requiredKeys: [], noNullPrototype: true }),
    )
    .map(([request, stream]) => ({ type: 'request' as const, ...request, ...stream })),
  fc
    .tuple(fc.constantFrom('value' as const, 'item' as const, 'progress' as const), id, fc.oneof(values, fc.constant(undefined)))
    .map(([type, id, value]) => ({ type, id, value })),
  fc.tuple(fc.constantFrom('end' as const, 'cancel-input' as const), id).map(([type, id]) => ({ type, id })),
  fc
    .tuple(id, fc.constantFrom('items' as const, 'progress' as const), count)
    .map(([id, of, count]) => ({ type: 'credit' as const, id, of, count })),
  fc.tuple(id, fc.constantFrom('timeout', 'abort', 'reader-left')).map(([id, reason]) => ({ type: 'cancel' as const, id, reason })),
  fc.constantFrom('finish' as const, 'abort' as const).map((pending) => ({ type: 'exit' as const, pending })),
);

const request = (data: unknown, task = 'task'): ToSlave => ({ type: 'request', id: 1, task, attempt: 1, data, metadata: null });

describe('batch', () => {
  it('batch - any messages arrive in order', () => {
    fc.assert(
      fc.property(fc.array(messages), (sent) => {
        const writer = new BatchWriter(Infinity);
        for (const message of sent) writer.add(message);
        expectSame(readBatch(writer.flush()), structuredClone(sent));
        expect(writer.size).to.equal(0);
      }),
    );
  });

  it('batch - an added message is a snapshot', () => {
    const writer = new BatchWriter(Infinity);
    const data = { list: [1], bytes: Buffer.from('a'), map: new Map([['a', 1]]) };
    const before = structuredClone(data);
    writer.add(request(data));
    data.list.push(2);
    data.bytes[0] = 0;
    data.map.clear();
    const [{ data: arrived }] = readBatch(writer.flush()) as { data: typeof data }[];
    expect(arrived.list).to.deep.equal(before.list);
    expect(String(arrived.bytes)).to.equal('a');
    expect(arrived.map).to.deep.equal(before.map);
  });

  it('batch - bytes as items are snapshots that keep their class; a proxy of bytes is refused', () => {
    const writer = new BatchWriter(1000);
    const sent = [Buffer.from('abc'), new Uint8Array([1, 2]), Buffer.alloc(0)];
    for (const value of sent) writer.add({ type: 'item', id: 1, value });
    expect(() => writer.add({ type: 'item', id: 1, value: new Proxy(Buffer.from('abc'), {}) })).to.throw(SerializationError, 'a proxy');
    expect(() => writer.add({ type: 'item', id: 1, value: Buffer.alloc(1000) })).to.throw(PayloadTooLargeError);
    sent[0].fill(0);
    const arrived = (readBatch(writer.flush()) as { value: Uint8Array }[]).map(({ value }) => value);
    expectSame(arrived, [Buffer.from('abc'), new Uint8Array([1, 2]), Buffer.alloc(0)]);
  });

  it('batch - a refused message leaves nothing in the batch', () => {
    const writer = new BatchWriter(1000);
    writer.add(request(Buffer.from('first')));
    expect(() => writer.add(request({ bytes: Buffer.from('lost'), fn: () => undefined }))).to.throw(SerializationError, 'data.fn');
    expect(() => writer.add(request(Buffer.alloc(1001)))).to.throw(PayloadTooLargeError);
    expect(() => writer.add(request('x'.repeat(1001)))).to.throw(PayloadTooLargeError);
    writer.add(request(Buffer.from('second')));
    const arrived = readBatch(writer.flush()) as { data: Buffer }[];
    expect(arrived.map(({ data }) => String(data))).to.deep.equal(['first', 'second']);
  });

  it('batch - the limit counts bytes, not characters', () => {
    const writer = new BatchWriter(200);
    writer.add(request('a'.repeat(100)));
    expect(() => writer.add(request('€'.repeat(100)))).to.throw(PayloadTooLargeError);
  });

  it('batch - a string that is too long for a frame in UTF-8 is refused, whatever the limit, and leaves no trace', () => {
    const writer = new BatchWriter(Infinity);
    // 180 million characters that V8 can hold, and more bytes than it can read as one string.
    const data = '€'.repeat(180_000_000);
    expect(() => writer.add({ type: 'value', id: 0, value: data }))
      .to.throw(PayloadTooLargeError)
      .with.property('size')
      .that.is.greaterThan(540_000_000);
    writer.add({ type: 'value', id: 1, value: 'next' });
    expect(readBatch(writer.flush())).to.deep.equal([{ type: 'value', id: 1, value: 'next' }]);
  });

  it('batch - the error has the size and the limit', () => {
    expect(() => new BatchWriter(100).add(request(Buffer.alloc(1000))))
      .to.throw(PayloadTooLargeError)
      .that.satisfies(({ size, limit }: PayloadTooLargeError) => size >= 1000 && size < 1200 && limit === 100);
  });

  it('batch - holds 50,000 messages and 150,000 byte arrays', () => {
    const writer = new BatchWriter(Infinity);
    for (let i = 0; i < 50_000; i++) writer.add(request(i));
    writer.add(request(Array.from({ length: 150_000 }, () => new Uint8Array(1))));
    const arrived = readBatch(writer.flush()) as { data: unknown }[];
    expect(arrived[49_999].data).to.equal(49_999);
    expect(arrived[50_000].data).to.have.length(150_000);
  });

  it('batch - reading takes linear time in messages and bytes', () => {
    const blobs = Array<Uint8Array>(200_000).fill(new Uint8Array(0));
    const json = `[${Array<string>(50_000).fill('4,0,[[0],["o","type","exit"]]').join()}]`;
    expect(readBatch({ json, blobs })).to.have.length(50_000);
  });

  it('batch - an object with a throwing getter is refused', () => {
    const hostile = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('caught');
      },
    });
    expect(() => new BatchWriter(Infinity).add(request(hostile))).to.throw(SerializationError, 'caught');
  });

  it('batch - any JSON is read as messages or fails with an error', () => {
    const items = fc.oneof(fc.nat(8), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(items), (list) => {
        try {
          for (const message of readBatch({ json: JSON.stringify(list), blobs: [] })) expect(message.type).to.be.a('string');
        } catch (error) {
          expect(error).to.be.an.instanceOf(Error);
        }
      }),
    );
  });

  for (const count of [0, -1, 0.5, Number.MAX_SAFE_INTEGER + 1, 'many', null, undefined, [1]]) {
    it(`batch - a credit of ${JSON.stringify(count)} is refused`, () => {
      const credit = { type: 'credit', id: 1, of: 'items', count };
      expect(() => readBatch({ json: JSON.stringify([5, credit]), blobs: [] })).to.throw(TypeError);
      expect(() => readBatch({ json: `[4,0,${packed(credit)}]`, blobs: [] })).to.throw(TypeError);
    });
  }

  it('batch - an item without its id is refused', () => {
    for (const id of ['1', null, 0.5, {}]) {
      expect(() => readBatch({ json: JSON.stringify([6, id, 'item']), blobs: [] })).to.throw(TypeError);
      expect(() => readBatch({ json: JSON.stringify([7, id]), blobs: [] })).to.throw(TypeError);
      expect(() => readBatch({ json: JSON.stringify([5, { type: 'end', id }]), blobs: [] })).to.throw(TypeError);
    }
  });

  it('batch - small and undefined items take few bytes', () => {
    const writer = new BatchWriter(Infinity);
    for (let i = 0; i < 100; i++) writer.add({ type: 'item', id: 1, value: i % 2 === 0 ? undefined : i });
    const { json, blobs } = writer.flush();
    expect(json.length).to.be.below(700);
    expect(blobs).to.have.length(0);
  });

  it('batch - an item that is too large is refused, a message of dist-io itself is not', () => {
    const writer = new BatchWriter(20);
    expect(() => writer.add({ type: 'item', id: 1, value: 'x'.repeat(21) })).to.throw(PayloadTooLargeError);
    expect(() => writer.add({ type: 'progress', id: 1, value: 'x'.repeat(21) })).to.throw(PayloadTooLargeError);
    writer.add({ type: 'credit', id: 1, of: 'progress', count: 1_000_000 });
    writer.add({ type: 'end', id: 1 });
    writer.add({ type: 'cancel', id: 1, reason: 'reader-left' });
    expect(readBatch(writer.flush())).to.have.length(3);
  });

  for (const [what, json] of [
    ['no JSON', '[1,'],
    ['null', 'null'],
    ['an unknown form', '[9]'],
    ['brackets without end', '['.repeat(1_000_000)],
    ['a ready message without its tasks', `[4,0,${packed({ type: 'ready' })}]`],
    ['a task without a name', `[4,0,${packed({ type: 'tasks', tasks: [{}] })}]`],
    ['a message without a type', `[4,0,${packed({})}]`],
    ['a refusal without its reason', `[4,0,${packed({ type: 'refused', id: 1 })}]`],
    ['a refusal for no known reason', `[4,0,${packed({ type: 'refused', id: 1, refusal: { reason: 'mood' } })}]`],
    [
      'a refusal with a path that is not a string',
      `[4,0,${packed({ type: 'refused', id: 1, refusal: { reason: 'not serializable', path: {} } })}]`,
    ],
  ] as const) {
    it(`batch - ${what} is refused`, () => expect(() => readBatch({ json, blobs: [] })).to.throw());
  }
});

/** A message as a broken far end would pack it. */
function packed(message: Record<string, unknown>): string {
  const writer = new BatchWriter(Infinity);
  writer.add({ ...message, type: undefined } as never);
  const { json } = writer.flush();
  return (JSON.parse(json) as unknown[])
    .slice(2)
    .map((one) =>
      JSON.stringify(one).replace('"type",["u"]', message.type === undefined ? '"other",1' : `"type","${String(message.type)}"`),
    )
    .join();
}
