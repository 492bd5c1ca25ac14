/** Signals that ask a program to end. They are often sent to its whole process tree. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/** Whether slave processes ignore this signal unless their master requests it. The master sends it as a message, not by the kernel. */
export function isLeftToMaster(signal: NodeJS.Signals): boolean {
  return SIGNALS.includes(signal);
}

/**
 * Keeps this process alive when a signal is sent to the whole process tree, as systemd and process managers do: the master handles the
 * signal and ends its slaves once their tasks are done. Listeners of the slave's own code are called as usual.
 */
export function leaveSignalsToMaster(): void {
  for (const signal of SIGNALS) process.on(signal, ignore);
}

/** Raises a signal that the master has requested, in the whole process group of this slave. */
export function raiseForMaster(signal: NodeJS.Signals): void {
  process.off(signal, ignore);
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, signal);
}

function ignore(): void {
  // A signal with a listener does not end the process.
}
