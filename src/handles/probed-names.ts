/**
 * Names that JavaScript itself, inspectors, test runners, containers and frameworks look up on objects of any kind. As long as a
 * client does not know its methods, it must not take these for methods: a look-up, or the call that follows, would execute a task.
 */
const PROBED = new Set([
  // Promises and serialization.
  ...['then', 'catch', 'finally', 'toJSON', 'toBSON', '_bsontype', 'toObject', 'asJSON', 'toPostgres'],
  // Arrays, iterators, streams, observables and emitters by their looks.
  ...['length', 'size', 'splice', 'next', 'return', 'throw', 'pipe', 'getReader', 'lift', 'on', 'addListener', 'addEventListener'],
  // Inspectors, assertions and snapshots: node, chai, jest, vitest, sinon.
  ...['inspect', 'asymmetricMatch', 'nodeType', 'nodeName', 'tagName', 'ownerDocument', 'hasAttribute', 'jquery', 'isMock'],
  ...['_isMockFunction', 'mock', 'getMockName', 'sample', 'isSinonProxy', 'prototype', 'name', 'default', 'displayName'],
  // Lifecycle hooks of Nest.
  ...['onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'beforeApplicationShutdown', 'onApplicationShutdown'],
]);

/** By convention, names of frameworks begin so: `$$typeof`, `@@__IMMUTABLE_ITERABLE__@@`, `__esModule`. */
const MARKED = /^(\$\$|@@|__)/;

export function isProbed(name: string): boolean {
  return PROBED.has(name) || MARKED.test(name);
}
