/** Whether a function is built into the engine, in this or another realm, and was not replaced by the program. */
export function isNative(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  return Function.prototype.toString.call(value) === `function ${value.name}() { [native code] }`;
}
