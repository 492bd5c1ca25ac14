/**
 * Encodes a value for which `isJsonSafe` is true. Ignores a `toJSON` that the program has added to the prototypes of arrays or objects,
 * which `JSON.stringify` would call.
 */
export function toJson(value: unknown): string {
  // Arrays inherit from Object.prototype too, so that one check covers both prototypes.
  return 'toJSON' in Array.prototype ? write(value) : JSON.stringify(value);
}

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, write).join()}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`);
  return `{${members.join()}}`;
}
