import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';

/** Any value that travels, without shared references. */
export const values = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  stringUnit: 'binary',
});

/** A list of objects, each of which refers to some of the others by `links`: cycles and shared references of every shape. */
export const graphs = fc
  .array(fc.tuple(fc.constantFrom('object', 'array', 'map', 'set'), fc.array(fc.nat(20), { maxLength: 4 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((plan) => {
    const nodes = plan.map(([kind]) => emptyOf(kind));
    plan.forEach(([, links], from) => links.forEach((to, i) => link(nodes[from], nodes[to % nodes.length], i)));
    return nodes;
  });

type Node = Record<string, unknown> | unknown[] | Map<unknown, unknown> | Set<unknown>;

function emptyOf(kind: string): Node {
  return kind === 'object' ? {} : kind === 'array' ? [] : kind === 'map' ? new Map() : new Set();
}

function link(from: Node, to: Node, place: number): void {
  if (from instanceof Map) from.set(place, to);
  else if (from instanceof Set) from.add(to);
  else if (Array.isArray(from)) from.push(to);
  else from[`link ${place}`] = to;
}

/** What a node of {@link graphs} refers to, in order. */
export function linksOf(node: Node): unknown[] {
  return node instanceof Map || node instanceof Set ? [...node.values()] : Object.values(node);
}

/** Compares by what `inspect` shows, which is all there is to a value; `deepEqual` takes two invalid dates for different. */
export function expectSame(actual: unknown, expected: unknown): void {
  const options = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, sorted: true };
  expect(inspect(actual, options)).to.equal(inspect(expected, options));
}
