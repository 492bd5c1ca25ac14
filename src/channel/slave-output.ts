import type { Readable, Writable } from 'node:stream';
import type { Output } from './channel';
import { endInRealTicks } from '../platform';

/** In bytes: enough for a stack and what led to it. */
const TAIL = 8 * 1024;

/** What a slave writes to stdout and stderr, on its way to the streams of the master; remembers the end of stderr. */
export class SlaveOutput {
  /** How much has come, in bytes. */
  received = 0;
  private tail: Buffer = Buffer.alloc(0);
  /** How many sources have not ended, and how many of their chunks a stream has not written yet. */
  private open = 0;
  private unwritten = 0;
  private readonly sources: Readable[] = [];

  /** @param arrived called whenever all that has come is written and no more will come */
  constructor(private readonly arrived: () => void) {}

  forward(source: Readable, output: Output, inherited: Writable): void {
    this.open++;
    this.sources.push(source);
    source.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      if (output === 'inherit') pass(source, inherited, chunk);
      else if (output !== 'ignore') {
        this.unwritten++;
        pass(source, output, chunk, this.written);
      }
    });
    const ended = (): void => {
      source.off('end', ended).off('close', ended);
      this.open--;
      this.tellArrival();
    };
    // A source that breaks off has no 'end'; under a fake clock, one that ends has no 'close'.
    source.on('end', ended).on('close', ended);
    endInRealTicks(source);
  }

  /** Remembers the end of what comes from a source. */
  keepTail(source: Readable): void {
    source.on('data', (chunk: Buffer) => {
      const joined = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
      this.tail = joined.subarray(-TAIL);
    });
  }

  get stderrTail(): string {
    return this.tail.toString('utf8');
  }

  get hasArrived(): boolean {
    return this.open === 0 && this.unwritten === 0;
  }

  /** Whether it waits for a stream of the master to take more. */
  get isHeldBack(): boolean {
    return this.unwritten > 0 || this.sources.some((source) => source.isPaused());
  }

  private readonly written = (): void => {
    this.unwritten--;
    this.tellArrival();
  };

  private tellArrival(): void {
    if (this.hasArrived) this.arrived();
  }
}

/** The sources that wait until a stream takes more. Its listeners are one of each kind for all of them: Node warns above ten. */
const waiting = new WeakMap<Writable, Set<Readable>>();

/** Writes to a stream at its speed. When it is closed, the rest is dropped: a slave whose output nobody reads would block. */
function pass(source: Readable, target: Writable, chunk: Buffer, written?: () => void): void {
  if (!target.writable) return written?.();
  if (target.write(chunk, written) || !target.writableNeedDrain) return;
  source.pause();
  const others = waiting.get(target);
  if (others !== undefined) return void others.add(source);
  const sources = new Set([source]);
  waiting.set(target, sources);
  const resume = (): void => {
    target.off('drain', resume).off('close', resume);
    waiting.delete(target);
    for (const each of sources) each.resume();
  };
  target.on('drain', resume).on('close', resume);
}
