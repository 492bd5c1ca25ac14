import type { Readable, Writable } from 'node:stream';
import type { Output } from './channel';
import { endInRealTicks } from '../platform';

/** In bytes: enough for a stack trace and the lines before it. */
const TAIL = 8 * 1024;

/** Forwards a slave's stdout and stderr to streams of the master, and keeps the last bytes of stderr. */
export class SlaveOutput {
  /** Bytes received so far. */
  received = 0;
  private tail: Buffer = Buffer.alloc(0);
  /** Number of sources that have not ended. */
  private open = 0;
  /** Number of chunks that the target has not written yet. */
  private unwritten = 0;
  private readonly sources: Readable[] = [];

  /** @param onArrived called once all sources have ended and all chunks are written */
  constructor(private readonly onArrived: () => void) {}

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
      this.checkArrival();
    };
    // A destroyed source emits no 'end'; under a fake clock, a source that ends emits no 'close'.
    source.on('end', ended).on('close', ended);
    endInRealTicks(source);
  }

  /** Keeps the last bytes of a source. */
  keepTail(source: Readable): void {
    source.on('data', (chunk: Buffer) => {
      const joined = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
      this.tail = joined.subarray(-TAIL);
    });
  }

  get stderrTail(): string {
    return this.tail.toString('utf8');
  }

  /** Whether all sources have ended and all chunks are written. */
  get hasArrived(): boolean {
    return this.open === 0 && this.unwritten === 0;
  }

  /** Whether a target of the master applies backpressure. */
  get isHeldBack(): boolean {
    return this.unwritten > 0 || this.sources.some((source) => source.isPaused());
  }

  private readonly written = (): void => {
    this.unwritten--;
    this.checkArrival();
  };

  private checkArrival(): void {
    if (this.hasArrived) this.onArrived();
  }
}

/** Sources paused until their target drains. They share one listener for each event, since Node warns above ten listeners. */
const pausedSources = new WeakMap<Writable, Set<Readable>>();

/** Writes with backpressure. Discards the data once the target is closed, since a slave whose output is not read would block. */
function pass(source: Readable, target: Writable, chunk: Buffer, written?: () => void): void {
  if (!target.writable) return written?.();
  if (target.write(chunk, written) || !target.writableNeedDrain) return;
  source.pause();
  const others = pausedSources.get(target);
  if (others !== undefined) return void others.add(source);
  const sources = new Set([source]);
  pausedSources.set(target, sources);
  const resume = (): void => {
    target.off('drain', resume).off('close', resume);
    pausedSources.delete(target);
    for (const each of sources) each.resume();
  };
  target.on('drain', resume).on('close', resume);
}
