import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import { isJsonSafe } from '../../src/protocol/json-safe';
import { values } from './arbitraries';

class Thing {
  name = 'thing';
}

describe('JSON-safe values', () => {
  it('JSON-safe - a JSON-safe value is equal after JSON and after structured clone', () => {
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(isJsonSafe(value));
        assert.deepEqual(JSON.parse(JSON.stringify(value)), structuredClone(value));
      }),
    );
  });

  it('JSON-safe - any parsed JSON is JSON-safe', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => isJsonSafe(JSON.parse(JSON.stringify(value)))));
  });

  const twice = {};
  for (const [what, value] of [
    ['undefined', undefined],
    ['NaN', NaN],
    ['Infinity', -Infinity],
    ['minus zero', -0],
    ['a BigInt', 1n],
    ['a symbol', Symbol('s')],
    ['a function', () => undefined],
    ['a property that is undefined', { a: undefined }],
    ['a hole', [, 1]], // eslint-disable-line no-sparse-arrays
    ['a date', new Date()],
    ['a map', new Map()],
    ['bytes', Buffer.from('a')],
    ['an error', new Error('e')],
    ['a class instance', new Thing()],
    ['a proxy', new Proxy({}, {})],
    ['a toJSON method', { toJSON: () => 1 }],
    ['an object that appears twice', [twice, twice]],
  ] as const) {
    it(`JSON-safe - ${what} is not JSON-safe, at any depth`, () => {
      expect(isJsonSafe(value)).to.equal(false);
      expect(isJsonSafe({ deep: [{ inside: value }] })).to.equal(false);
    });
  }

  it('JSON-safe - a cycle is not JSON-safe', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = [cycle];
    expect(isJsonSafe(cycle)).to.equal(false);
  });

  it('JSON-safe - a very deep value is not JSON-safe', () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(isJsonSafe(deep)).to.equal(false);
  });
});
