import { expect } from 'chai';
import fc from 'fast-check';
import { pack } from '../../src/protocol/pack';
import { unpack } from '../../src/protocol/unpack';
import { expectSame, graphs, linksOf, values } from './arbitraries';

/** There and back, through real JSON. */
function travel<T>(value: T): T {
  const blobs: Uint8Array[] = [];
  const packed = JSON.parse(JSON.stringify(pack({ value }, blobs))) as unknown[];
  return (unpack(packed, { blobs }) as { value: T }).value;
}

describe('values', () => {
  it('values - any value arrives as structured clone copies it', () => {
    fc.assert(fc.property(values, (value) => expectSame(travel(value), structuredClone(value))));
  });

  it('values - cycles and shared references arrive in their shape', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const arrived = travel(nodes);
        nodes.forEach((node, i) => {
          expect(arrived[i]).to.be.an.instanceOf(node.constructor);
          const shape = (links: unknown[], all: unknown[]) => links.map((link) => all.indexOf(link));
          expectSame(shape(linksOf(arrived[i]), arrived), shape(linksOf(node), nodes));
        });
      }),
    );
  });

  it('values - any error arrives with name, message, stack and own properties', () => {
    const classes = [Error, TypeError, RangeError, SyntaxError, URIError, EvalError, ReferenceError];
    const ownKeys = fc.oneof(
      fc.constantFrom('constructor', 'toString', 'errors'),
      fc.string().filter((key) => !(key in Error.prototype)),
    );
    const errors = fc
      .tuple(fc.constantFrom(...classes), fc.string(), fc.dictionary(ownKeys, values), values)
      .map(([Class, message, own, cause]) => Object.assign(new Class(message, { cause }), own));
    fc.assert(
      fc.property(errors, (error) => {
        const arrived = travel(error);
        expect(Object.getPrototypeOf(arrived)).to.equal(Object.getPrototypeOf(error));
        for (const key of ['name', 'message', 'stack'] as const) expect(arrived[key]).to.equal(error[key]);
        expectSame(arrived.cause, structuredClone(error.cause));
        expectSame(Object.entries(arrived), structuredClone(Object.entries(error)));
      }),
    );
  });

  it('values - bytes are copies that do not share memory', () => {
    const blobs: Uint8Array[] = [];
    const bytes = Buffer.from('before');
    const packed = pack({ bytes }, blobs);
    bytes.write('after!');
    expect(String((unpack(packed, { blobs }) as { bytes: Buffer }).bytes)).to.equal('before');
  });

  it('values - unpacking any JSON yields data or throws an error', () => {
    // A number leads to a node; texts are kinds and contents.
    const slots = fc.oneof(fc.jsonValue(), fc.tuple(fc.nat(6)), fc.tuple(fc.constantFrom('u', 'n', 'i', 'x'), fc.jsonValue()));
    const kinds = fc.constantFrom('o', 'a', 'h', 'm', 's', 'd', 'r', 'b', 'w', 'e', 'x', '__proto__', 'constructor');
    const words = fc.constantFrom('Error', 'Buffer', 'ArrayBuffer', 'DataView', 'constructor', '__proto__', 'toString', 'name', 'stack');
    const nodes = fc
      .tuple(kinds, fc.array(fc.oneof(slots, words, fc.array(fc.oneof(words, slots)))))
      .map(([kind, rest]) => [kind, ...rest]);
    const prototypes = [Object.prototype, Array.prototype, Error.prototype, Map.prototype].map(
      (one) => Object.getOwnPropertyNames(one).length,
    );
    fc.assert(
      fc.property(slots, fc.array(nodes, { maxLength: 6 }), (root, list) => {
        try {
          expect(unpack([root, ...list], { blobs: [new Uint8Array(8)] })).not.to.be.a('function');
        } catch (error) {
          expect(error).to.be.an.instanceOf(Error);
        }
      }),
      { numRuns: 1000 },
    );
    const after = [Object.prototype, Array.prototype, Error.prototype, Map.prototype].map((one) => Object.getOwnPropertyNames(one).length);
    expect(after).to.deep.equal(prototypes);
  });
});
