import { RUNTIMES } from '../channel/runtimes';
import type { SlaveHandle } from '../handles/slave-handle';
import { clearTimeout, setTimeout } from '../platform';

/** In ms: how long slaves are idle before they are taken for forgotten; at most twice as long. */
const INTERVAL = 5000;

/** A master whose living slaves may be forgotten. */
interface Owner {
  readonly slaves: { readonly byId: ReadonlyMap<number, SlaveHandle> };
}

const owners = new Set<Owner>();
let timer: NodeJS.Timeout | undefined;
let isQuiet = false;
let isTold = false;

/**
 * Warns, once, when the program is kept alive by nothing but idle slaves: it would never end.
 *
 * Only Node knows whether the program has anything else to do. So idle slaves cease to keep it alive, and if it is about to end because of
 * that, `beforeExit` is emitted. Then they keep it alive again.
 */
export function watchForgotten(owner: Owner): void {
  if (isTold) return;
  owners.add(owner);
  isQuiet = false;
  timer ??= setTimeout(check, INTERVAL).unref();
}

/** The inverse of {@link watchForgotten}. */
export function stopWatching(owner: Owner): void {
  if (owners.delete(owner) && owners.size === 0) stop();
}

/** A slave has become busy or idle. */
export function noteActivity(): void {
  isQuiet = false;
}

function check(): void {
  timer = setTimeout(check, INTERVAL).unref();
  process.off('beforeExit', tell);
  if (isQuiet) {
    for (const slave of living()) slave.release();
    process.on('beforeExit', tell);
  }
  isQuiet = true;
}

function tell(): void {
  stop();
  const forgotten = living().filter((slave) => slave.hold() && !RUNTIMES[slave.runtime].sharesThread);
  if (forgotten.length === 0) return;
  isTold = true;
  const names = forgotten.slice(0, 3).map(({ label }) => label);
  if (forgotten.length > names.length) names.push(`and ${forgotten.length - names.length} more`);
  process.emitWarning(
    `Only idle slaves keep this program alive: ${names.join(', ')}. End them with exit() or await using, or create them with the option unref: true.`,
    { type: 'DistIOWarning', code: 'DIST_IO_FORGOTTEN_SLAVES' },
  );
}

function living(): SlaveHandle[] {
  return [...owners].flatMap(({ slaves }) => [...slaves.byId.values()]);
}

function stop(): void {
  clearTimeout(timer);
  timer = undefined;
  process.off('beforeExit', tell);
}
