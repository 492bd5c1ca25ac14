/** Whether a function is one of the engine's own, of whatever realm, and no replacement of it. */
export function isNative(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  return Function.prototype.toString.call(value) === `function ${value.name}() { [native code] }`;
}
