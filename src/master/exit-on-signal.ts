/** Who is to be ended when the user interrupts the program. */
interface Exitable {
  exit(): Promise<unknown>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const masters = new Set<Exitable>();

/**
 * The master leads: while it has slaves and the program does not listen for the signal itself, Ctrl-C first ends the slaves
 * gracefully, no task half done, and then the program as it would have ended without them. A second Ctrl-C ends it at once.
 */
export function exitOnSignal(master: Exitable): void {
  if (masters.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  masters.add(master);
}

/** The inverse of {@link exitOnSignal}: once there is nothing to lead, signals do what they always do. */
export function stopExitOnSignal(master: Exitable): void {
  if (masters.delete(master) && masters.size === 0) stopListening();
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  stopListening();
  void Promise.all([...masters].map((master) => master.exit())).then(() => process.kill(process.pid, signal));
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
