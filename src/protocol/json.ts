/**
 * The JSON of what {@link isPlain} admits, whatever the program has put on the prototypes of arrays and objects: `JSON.stringify` would
 * call a `toJSON` that it finds there.
 */
export function toJson(value: unknown): string {
  // What an array inherits, an object does too, or it is the array's alone.
  return 'toJSON' in Array.prototype ? write(value) : JSON.stringify(value);
}

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, write).join()}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`);
  return `{${members.join()}}`;
}
