import { expect } from 'chai';
import fc from 'fast-check';
import { SerializationError } from '../../src/errors';
import { Snapshot } from '../../src/protocol/snapshot';
import { expectSame, graphs, values } from './arbitraries';

const long = 'x'.repeat(1000);

/** Each is another value than all the others. */
const DIFFERENT: unknown[] = [
  ...[undefined, null, true, 0, -0, 1, '1', 1n, NaN, 'NaN', '', ' ', '\ud800', '\ud801'],
  ...[[], {}, new Map(), new Set(), [[]], [undefined], [null], Array(1), '[]', '{}', '[null]', ['u'], [0], [[0]]],
  ...[{ a: 1 }, { a: '1' }, { a: 1, b: undefined }, { b: undefined, a: 1 }, { a: { b: 1 } }, new Map([['a', 1]])],
  ...[new Date(0), new Date(1), new Date(NaN), 0.5, '1970-01-01T00:00:00.000Z', /a/, /a/g, /b/, new Error('a'), new TypeError('a')],
  ...[Buffer.from('abc'), new Uint8Array([97, 98, 99]), new Uint8Array([97, 98, 99]).buffer, new Int8Array([97, 98, 99]), 'abc'],
  ...[
    [Buffer.from('ab'), Buffer.from('c')],
    [Buffer.from('a'), Buffer.from('bc')],
    [Buffer.from('abc'), Buffer.alloc(0)],
  ],
  ...[long, `${long}y`, `y${long}`, [long], Buffer.from(long), `${long}\ud800`, `${long}\ud801`, `${long}\ufffd`],
];

describe('snapshot', () => {
  it('value - returns a new copy each time', () => {
    fc.assert(
      fc.property(values, (value) => {
        const snapshot = new Snapshot(value);
        for (let i = 0; i < 2; i++) expectSame(snapshot.value, structuredClone(value));
      }),
    );
    const snapshot = new Snapshot({ list: [1] });
    (snapshot.value as { list: number[] }).list.push(2);
    expect(snapshot.value).to.deep.equal({ list: [1] });
  });

  it('value - does not change with its original', () => {
    const value = { list: [1], bytes: Buffer.from('abc') };
    const snapshot = new Snapshot(value);
    value.list.push(2);
    value.bytes.fill(0);
    expect(snapshot.value).to.deep.equal({ list: [1], bytes: Buffer.from('abc') });
  });

  it('key - is the same for equal values', () => {
    fc.assert(
      fc.property(fc.oneof(values, graphs), (value) => {
        const snapshot = new Snapshot(value);
        expect(new Snapshot(structuredClone(value)).key).to.equal(snapshot.key);
        expect(new Snapshot(snapshot.value).key).to.equal(snapshot.key);
      }),
    );
  });

  it('key - differs for different values', () => {
    const keys = DIFFERENT.map((value) => new Snapshot(value).key);
    expect(new Set(keys).size).to.equal(DIFFERENT.length);
  });

  it('key - is short', () => {
    for (const value of [long, Buffer.alloc(100_000), Array(1000).fill(1)]) expect(new Snapshot(value).key.length).to.be.lessThan(257);
  });

  it('size - counts the string and the bytes', () => {
    const { size } = new Snapshot('');
    expect(new Snapshot('abc').size).to.equal(size + 3);
    expect(new Snapshot('äöü').size).to.equal(size + 6);
    expect(new Snapshot(Buffer.alloc(1000)).size).to.equal(new Snapshot(Buffer.alloc(0)).size + 1000);
  });

  it('value that cannot be sent - is refused', () => {
    expect(() => new Snapshot({ fn: () => 1 }))
      .to.throw(SerializationError)
      .with.property('path', 'value.fn');
  });
});
