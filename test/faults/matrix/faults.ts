import type { DeathReason } from 'dist-io';

type FaultRuntime = 'process' | 'thread';

/** What a fault does to a slave. */
export interface Fault {
  readonly name: string;
  /**
   * `'death'`: it ends the slave. `'block'`: its thread stays blocked, until `responsive` ends it. `'none'`: the slave goes on. `'any'`: the
   * slave goes on, and what it does meanwhile may fail.
   */
  readonly effect: 'death' | 'block' | 'none' | 'any';
  /** The possible reasons of the death, by runtime; without one, the runtime does not have this fault, and `exception` says why. */
  readonly reason: Partial<Record<FaultRuntime, readonly DeathReason[]>>;
  readonly exception?: string;
  /** Whether the master cannot tell if a start with this fault has begun with requests. */
  readonly hidesReady?: boolean;
}

const WHOLE_PROCESS = "it would end the master's process, in which a thread runs";
const SOCKET = 'a thread has a port, to which only whole messages can be written';

const both = (reason: DeathReason): Fault['reason'] => ({ process: [reason], thread: [reason] });

/** The faults that a slave of the matrix can be told to have: see test/fixtures/faulty.js. */
export const FAULTS: readonly Fault[] = [
  { name: 'exit 0', effect: 'death', reason: both('exit') },
  { name: 'exit 7', effect: 'death', reason: both('exit') },
  { name: 'uncaught throw', effect: 'death', reason: both('crash') },
  { name: 'unhandled rejection', effect: 'death', reason: both('crash') },
  {
    name: 'V8 heap exhausted',
    effect: 'death',
    reason: { process: ['out of memory'] },
    exception: 'no option limits the heap of a single thread',
  },
  { name: 'abort', effect: 'death', reason: { process: ['crash'] }, exception: WHOLE_PROCESS },
  { name: 'SIGKILL', effect: 'death', reason: { process: ['signal'] }, exception: WHOLE_PROCESS },
  // A slave leaves it to its master.
  { name: 'SIGTERM', effect: 'none', reason: { process: ['signal'] }, exception: WHOLE_PROCESS },
  { name: 'native crash', effect: 'death', reason: { process: ['crash'] }, exception: WHOLE_PROCESS },
  { name: 'SIGSTOP', effect: 'block', reason: { process: ['unresponsive'] }, exception: WHOLE_PROCESS },
  { name: 'busy loop', effect: 'block', reason: both('unresponsive') },
  { name: 'blocked in execSync', effect: 'block', reason: both('unresponsive') },
  // Node aborts when it writes to a file descriptor that was closed behind its back.
  { name: 'channel closed', effect: 'death', reason: { process: ['link', 'crash'], thread: ['link'] }, hidesReady: true },
  { name: 'garbage frame', effect: 'death', reason: { process: ['crash'] }, exception: SOCKET, hidesReady: true },
  // What follows the cut frame is malformed, if anything does.
  { name: 'cut frame', effect: 'death', reason: { process: ['exit', 'crash'] }, exception: SOCKET, hidesReady: true },
  { name: 'stdout flooded', effect: 'none', reason: both('exit') },
  {
    name: 'file descriptors exhausted',
    effect: 'any',
    reason: { process: ['exit'] },
    exception: "a thread shares the master's file descriptors",
  },
  { name: 'clock set back', effect: 'none', reason: both('exit') },
  {
    name: 'disk full on stderr',
    effect: 'none',
    reason: { process: ['exit'] },
    exception: "a thread's stderr is a stream to the master's thread",
  },
  {
    name: 'master SIGKILLed',
    effect: 'death',
    reason: {},
    exception: 'no promise is left to settle: orphans.test.ts looks at what remains',
  },
];
