import type { DeathReason } from 'dist-io';

type FaultRuntime = 'process' | 'thread';

/** What a fault does to a slave. */
export interface Fault {
  readonly name: string;
  /** `'death'`: it ends the slave. `'block'`: its thread stays blocked, until `responsive` ends it. `'none'`: the slave goes on. */
  readonly effect: 'death' | 'block' | 'none';
  /** The reason of the death, by runtime; without one, the runtime does not have this fault, and `exceptions` says why. */
  readonly reason: Partial<Record<FaultRuntime, DeathReason>>;
  readonly exception?: string;
}

const WHOLE_PROCESS = "it would end the master's process, in which a thread runs";
const SOCKET = 'a thread has a port, to which only whole messages can be written';

const both = (reason: DeathReason): Fault['reason'] => ({ process: reason, thread: reason });

/** The faults that a slave of the matrix can be told to have: see test/fixtures/faulty.js. */
export const FAULTS: readonly Fault[] = [
  { name: 'exit 0', effect: 'death', reason: both('exit') },
  { name: 'exit 7', effect: 'death', reason: both('exit') },
  { name: 'uncaught throw', effect: 'death', reason: both('crash') },
  { name: 'unhandled rejection', effect: 'death', reason: both('crash') },
  { name: 'V8 heap exhausted', effect: 'death', reason: both('out of memory') },
  { name: 'abort', effect: 'death', reason: { process: 'crash' }, exception: WHOLE_PROCESS },
  { name: 'SIGKILL', effect: 'death', reason: { process: 'signal' }, exception: WHOLE_PROCESS },
  { name: 'SIGTERM', effect: 'death', reason: { process: 'signal' }, exception: WHOLE_PROCESS },
  { name: 'native crash', effect: 'death', reason: { process: 'crash' }, exception: WHOLE_PROCESS },
  { name: 'SIGSTOP', effect: 'block', reason: { process: 'unresponsive' }, exception: WHOLE_PROCESS },
  { name: 'busy loop', effect: 'block', reason: both('unresponsive') },
  { name: 'blocked in execSync', effect: 'block', reason: both('unresponsive') },
  { name: 'channel closed', effect: 'death', reason: both('link') },
  { name: 'garbage frame', effect: 'death', reason: { process: 'crash' }, exception: SOCKET },
  { name: 'cut frame', effect: 'death', reason: { process: 'exit' }, exception: SOCKET },
  { name: 'stdout flooded', effect: 'none', reason: both('exit') },
  {
    name: 'file descriptors exhausted',
    effect: 'none',
    reason: { process: 'exit' },
    exception: "a thread shares the master's file descriptors",
  },
  { name: 'clock set back', effect: 'none', reason: both('exit') },
];
