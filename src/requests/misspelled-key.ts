import { nearestName } from '../option-rules';

/** The keys of metadata that were looked at: a warning comes once for each. */
const seen = new Set<string>();

/** Bounds the memory for programs that make up keys as they go. */
const MAX_SEEN = 1000;

/** Warns of a key that travels to the task, but is nearly the name of one of dist-io's own keys: `timout`. */
export function warnIfMisspelled(key: string, ownKeys: ReadonlySet<string>): void {
  if (seen.has(key) || seen.size >= MAX_SEEN) return;
  seen.add(key);
  const { name, distance } = nearestName(key, [...ownKeys]);
  // Another first letter is rather another word, such as trace beside grace.
  if (distance > (name.length > 5 ? 2 : 1) || !name.startsWith(key.charAt(0).toLowerCase())) return;
  process.emitWarning(
    `The metadata key '${key}' means nothing to dist-io and only travels to the task. Did you mean '${name}'? If not, choose another name.`,
    { type: 'DistIOWarning', code: 'DIST_IO_METADATA_KEY' },
  );
}
