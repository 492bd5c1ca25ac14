import { expect } from 'chai';
import fc from 'fast-check';
import { PayloadTooLargeError, SerializationError } from '../../src/errors';
import { BatchWriter, readBatch } from '../../src/protocol/batch';
import type { ToMaster, ToSlave } from '../../src/protocol/messages';
import { expectSame, values } from './arbitraries';

type Message = ToSlave | ToMaster;

const id = fc.nat();
const metadata = fc.option(fc.dictionary(fc.string(), values));
const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.tuple(id, fc.string({ unit: 'grapheme' }), values, metadata).map(([id, task, data, metadata]) => ({
    type: 'request' as const,
    id,
    task,
    attempt: 1,
    data,
    metadata,
  })),
  fc.tuple(id, values).map(([id, value]) => ({ type: 'value' as const, id, value })),
  fc.tuple(id, fc.constantFrom('timeout', 'abort')).map(([id, reason]) => ({ type: 'cancel' as const, id, reason })),
  fc.constant({ type: 'exit' as const }),
);

const request = (data: unknown, task = 'task'): ToSlave => ({ type: 'request', id: 1, task, attempt: 1, data, metadata: null });

describe('batch', () => {
  it('batch - any messages arrive in order', () => {
    fc.assert(
      fc.property(fc.array(messages), (sent) => {
        const writer = new BatchWriter(Infinity);
        for (const message of sent) writer.add(message);
        expectSame(readBatch(writer.take()), structuredClone(sent));
        expect(writer.size).to.equal(0);
      }),
    );
  });

  it('batch - what was added is a snapshot', () => {
    const writer = new BatchWriter(Infinity);
    const data = { list: [1], bytes: Buffer.from('a'), map: new Map([['a', 1]]) };
    const before = structuredClone(data);
    writer.add(request(data));
    data.list.push(2);
    data.bytes[0] = 0;
    data.map.clear();
    const [{ data: arrived }] = readBatch(writer.take()) as { data: typeof data }[];
    expect(arrived.list).to.deep.equal(before.list);
    expect(String(arrived.bytes)).to.equal('a');
    expect(arrived.map).to.deep.equal(before.map);
  });

  it('batch - a refused message leaves no trace', () => {
    const writer = new BatchWriter(1000);
    writer.add(request(Buffer.from('first')));
    expect(() => writer.add(request({ bytes: Buffer.from('lost'), fn: () => undefined }))).to.throw(SerializationError, 'data.fn');
    expect(() => writer.add(request(Buffer.alloc(1001)))).to.throw(PayloadTooLargeError);
    expect(() => writer.add(request('x'.repeat(1001)))).to.throw(PayloadTooLargeError);
    writer.add(request(Buffer.from('second')));
    const arrived = readBatch(writer.take()) as { data: Buffer }[];
    expect(arrived.map(({ data }) => String(data))).to.deep.equal(['first', 'second']);
  });

  it('batch - the limit counts bytes, not characters', () => {
    const writer = new BatchWriter(200);
    writer.add(request('a'.repeat(100)));
    expect(() => writer.add(request('€'.repeat(100)))).to.throw(PayloadTooLargeError);
  });

  it('batch - the size is told', () => {
    expect(() => new BatchWriter(100).add(request(Buffer.alloc(1000))))
      .to.throw(PayloadTooLargeError)
      .that.satisfies(({ size, limit }: PayloadTooLargeError) => size >= 1000 && size < 1200 && limit === 100);
  });

  it('batch - very many small messages and very many bytes fit into one', () => {
    const writer = new BatchWriter(Infinity);
    for (let i = 0; i < 50_000; i++) writer.add(request(i));
    writer.add(request(Array.from({ length: 150_000 }, () => new Uint8Array(1))));
    const arrived = readBatch(writer.take()) as { data: unknown }[];
    expect(arrived[49_999].data).to.equal(49_999);
    expect(arrived[50_000].data).to.have.length(150_000);
  });

  it('batch - however many messages and bytes come together, each is read once', () => {
    const blobs = Array<Uint8Array>(200_000).fill(new Uint8Array(0));
    const text = `[${Array<string>(50_000).fill('4,0,[[0],["o","type","exit"]]').join()}]`;
    expect(readBatch({ text, blobs })).to.have.length(50_000);
  });

  it('batch - an object that throws when it is read is refused', () => {
    const hostile = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('caught');
      },
    });
    expect(() => new BatchWriter(Infinity).add(request(hostile))).to.throw(SerializationError, 'caught');
  });

  it('batch - any text at all is messages or an error', () => {
    const items = fc.oneof(fc.nat(6), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(items), (list) => {
        try {
          for (const message of readBatch({ text: JSON.stringify(list), blobs: [] })) expect(message.type).to.be.a('string');
        } catch (error) {
          expect(error).to.be.an.instanceOf(Error);
        }
      }),
    );
  });

  for (const [what, text] of [
    ['no JSON', '[1,'],
    ['null', 'null'],
    ['an unknown form', '[9]'],
    ['brackets without end', '['.repeat(1_000_000)],
    ['a ready message without its tasks', `[4,0,${packed({ type: 'ready' })}]`],
    ['a task without a name', `[4,0,${packed({ type: 'offer', tasks: [{}] })}]`],
    ['a message without a type', `[4,0,${packed({})}]`],
    ['a refusal without its reason', `[4,0,${packed({ type: 'refused', id: 1 })}]`],
    ['a refusal for no known reason', `[4,0,${packed({ type: 'refused', id: 1, refusal: { why: 'mood' } })}]`],
    [
      'a refusal with a path that is no text',
      `[4,0,${packed({ type: 'refused', id: 1, refusal: { why: 'not serializable', path: {} } })}]`,
    ],
  ] as const) {
    it(`batch - ${what} is refused`, () => expect(() => readBatch({ text, blobs: [] })).to.throw());
  }
});

/** A message as a broken far end would pack it. */
function packed(message: Record<string, unknown>): string {
  const writer = new BatchWriter(Infinity);
  writer.add({ ...message, type: undefined } as never);
  const { text } = writer.take();
  return (JSON.parse(text) as unknown[])
    .slice(2)
    .map((one) =>
      JSON.stringify(one).replace('"type",["u"]', message.type === undefined ? '"other",1' : `"type","${String(message.type)}"`),
    )
    .join();
}
