import { DistIOError } from '../errors';
import { nextTick, setTimeout } from '../platform';
import { programEnd } from '../requests/program-end';

/** The masters whose slaves are ended before the program. */
interface Exitable {
  exit(): Promise<unknown>;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/** In ms: a signal that reaches the program both directly and through its parent process counts as one. */
const DUPLICATES = 200;

const masters = new Set<Exitable>();

/** Whether a listener that ran before {@link onSignal} has handled this signal. */
let isHandled = false;

/**
 * Ends the slaves gracefully when a signal is about to end the program, and then the program by the same signal. A second signal ends
 * it at once.
 *
 * It does nothing when the program listens for the signal itself. Listeners of exit hooks act only if there is no other one, and
 * then raise the signal again. So ours is removed while they run, and added again before the signal can arrive a second time.
 */
export function exitOnSignal(master: Exitable): void {
  if (masters.size === 0) startListening();
  masters.add(master);
}

/** The inverse of {@link exitOnSignal}. */
export function stopExitOnSignal(master: Exitable): void {
  if (masters.delete(master) && masters.size === 0) stopListening();
}

function onSignal(signal: NodeJS.Signals): void {
  if (programEnd.isUnderWay || isHandled) return;
  if (process.listenerCount(signal) > 1) letOthersHandle(signal);
  else void endProgram(signal);
}

async function endProgram(signal: NodeJS.Signals): Promise<void> {
  programEnd.isUnderWay = true;
  process.on('unhandledRejection', onUnhandledRejection);
  setTimeout(stopListening, DUPLICATES).unref();
  await Promise.all([...masters].map((master) => master.exit()));
  stopListening();
  process.kill(process.pid, signal);
}

function letOthersHandle(signal: NodeJS.Signals): void {
  process.off(signal, onSignal);
  nextTick(() => {
    if (masters.size > 0) listenFirst(signal);
  });
}

function startListening(): void {
  programEnd.isUnderWay = false;
  process.off('unhandledRejection', onUnhandledRejection);
  for (const signal of SIGNALS) listenFirst(signal);
  process.on('removeListener', onRemoveListener);
}

function stopListening(): void {
  process.off('removeListener', onRemoveListener);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Ignores errors that no slave accepts work: they are expected while the program ends, and must not end it with tasks half done. */
function onUnhandledRejection(reason: unknown): void {
  if (!(reason instanceof DistIOError)) throw reason;
}

/** Called before other listeners: those that count the listeners must not find ours. */
function listenFirst(signal: NodeJS.Signals): void {
  if (!process.listeners(signal).includes(onSignal)) process.prependListener(signal, onSignal);
}

function onRemoveListener(name: string | symbol, listener: unknown): void {
  const signal = SIGNALS.find((signal) => signal === name);
  if (signal === undefined) return;
  // The last one may raise the signal before this tick is over.
  if (process.listenerCount(signal) === 0) listenFirst(signal);
  if (listener === onSignal) return;
  // A `once` listener is removed just before it is called, in the same tick as ours.
  isHandled = true;
  nextTick(() => (isHandled = false));
}
