import { nearestName } from '../option-rules';

/** The metadata keys that were checked: each is warned of once. */
const seen = new Set<string>();

/** Limits the memory for programs that generate keys. */
const MAX_SEEN = 1000;

/** Warns of a key that is sent to the task but resembles one of dist-io's own keys, such as `timout`. */
export function warnIfMisspelled(key: string, ownKeys: ReadonlySet<string>): void {
  if (seen.has(key) || seen.size >= MAX_SEEN) return;
  seen.add(key);
  const { name, distance } = nearestName(key, [...ownKeys]);
  // A different first letter is taken for a different word, such as trace and grace.
  if (distance > (name.length > 5 ? 2 : 1) || !name.startsWith(key.charAt(0).toLowerCase())) return;
  process.emitWarning(
    `The metadata key '${key}' is unknown to dist-io and only sent to the task. Did you mean '${name}'? If not, choose another name.`,
    { type: 'DistIOWarning', code: 'DIST_IO_METADATA_KEY' },
  );
}
