import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { readBatch } from '../../src/protocol/batch';
import { BatchWriter } from '../../src/protocol/batch-writer';
// Loaded now: the loader of TypeScript does not survive what these tests do.
import '../../src/protocol/pack';
import '../../src/protocol/unpack';
import type { ToMaster } from '../../src/protocol/messages';
import { expectSame, values } from './arbitraries';

/** There and back, as between a master and its slave. */
function travel(value: unknown): unknown {
  const writer = new BatchWriter(Infinity);
  writer.add({ type: 'value', id: 1, value });
  const [message] = readBatch(writer.flush()) as Extract<ToMaster, { type: 'value' }>[];
  return message.value;
}

const BUILT_IN = [Object, Array, Map, Set, BigInt, Date, Error, RegExp, Number, String, Boolean, ArrayBuffer, Uint8Array, Promise];

/** Calls a function while the prototypes of all built-in classes have a `toJSON` that is wrong. */
function withToJSON<Result>(call: () => Result): Result {
  const prototypes = BUILT_IN.map((Class) => Class.prototype as object);
  const before = prototypes.map((prototype) => Object.getOwnPropertyDescriptor(prototype, 'toJSON'));
  for (const prototype of prototypes)
    Object.defineProperty(prototype, 'toJSON', { value: () => 'wrong', configurable: true, enumerable: true, writable: true });
  try {
    return call();
  } finally {
    prototypes.forEach((prototype, i) => {
      if (before[i] === undefined) delete (prototype as { toJSON?: unknown }).toJSON;
      else Object.defineProperty(prototype, 'toJSON', before[i]);
    });
  }
}

describe('patched built-ins', () => {
  it('toJSON - on the prototypes of built-in classes changes no value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const arrived = withToJSON(() => travel(value));
        expectSame(arrived, structuredClone(value));
      }),
    );
  });

  it('toJSON - on the prototypes of built-in classes changes no error', () => {
    const error = new RangeError('outer', { cause: new Map([[1, 2n]]) });
    const arrived = withToJSON(() => travel(error)) as RangeError;
    expect(arrived).to.be.instanceOf(RangeError).with.property('message', 'outer');
    expectSame(arrived.cause, error.cause);
  });

  it('toJSON - of a class of the program is still the meaning of its instances', () => {
    class Money {
      toJSON(): unknown {
        return { cents: 5 };
      }
    }
    class Names extends Map<string, string> {
      toJSON(): unknown {
        return [...this.keys()];
      }
    }
    class List extends Array<number> {
      toJSON(): unknown {
        return 'list';
      }
    }
    const value = { money: new Money(), names: new Names([['a', 'b']]), list: List.of(1, 2) };
    const expected = { money: { cents: 5 }, names: ['a'], list: 'list' };
    expectSame(travel(value), expected);
    expectSame(
      withToJSON(() => travel(value)),
      expected,
    );
    expectSame(travel(List.of(1, 2)), 'list');
  });

  it('keys - those that every object inherits arrive as own properties', () => {
    const keys = fc.constantFrom('__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then');
    const objects = fc
      .array(fc.tuple(keys, fc.constantFrom(1, undefined, 2n)))
      .map((entries) =>
        entries.reduce((object, [key, value]) => Object.defineProperty(object, key, { value, enumerable: true, configurable: true }), {}),
      );
    fc.assert(fc.property(objects, (object) => expectSame(Object.entries(travel(object) as object), Object.entries(object))));
  });

  it('realms - values of another one arrive as those of this one', () => {
    const context = createContext({});
    const foreign = (code: string): unknown => travel(runInContext(code, context));
    expectSame(foreign('({ a: [1, { b: 2 }], d: new Date(5), m: new Map([[1, 2]]), s: new Set([1]), r: /x/g, n: Object(5) })'), {
      a: [1, { b: 2 }],
      d: new Date(5),
      m: new Map([[1, 2]]),
      s: new Set([1]),
      r: /x/g,
      n: Object(5) as unknown,
    });
    expect(foreign('[1]')).to.be.instanceOf(Array);
    expect(foreign('new Uint8Array([1, 2])')).to.be.instanceOf(Uint8Array);
    expect(foreign('new ArrayBuffer(2)')).to.be.instanceOf(ArrayBuffer);
    expect(foreign('new RangeError("x")')).to.be.instanceOf(RangeError).with.property('message', 'x');
    const aggregate = foreign('new AggregateError([new TypeError("one")], "all")') as AggregateError;
    expect(aggregate).to.be.instanceOf(AggregateError);
    expect(aggregate.errors[0]).to.be.instanceOf(TypeError);
    expect(foreign('(class Own extends URIError {}); new (class Own extends URIError {})("x")')).to.be.instanceOf(URIError);
  });
});
