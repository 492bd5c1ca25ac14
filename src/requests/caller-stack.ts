import { dirname, join, sep } from 'node:path';
import { DistIOError } from '../errors';
import type { ItemSink, ResultSink } from './request-call';

/** Frames of dist-io's own code, built or by source maps. They are removed, so that the stack shows the lines of the caller. */
const OWN_CODE = ['dist', 'src'].map((folder) => join(dirname(dirname(__dirname)), folder) + sep);

/** The largest number of dist-io's frames between the caller and the capture. */
const OWN_FRAMES = 20;

/** The errors that already have the caller's lines: a job of a pool is also a request, so that its errors pass twice. */
const extended = new WeakSet<Error>();

/** The stack of a call. */
class CallerStack {
  private readonly stack!: string;

  constructor() {
    const { stackTraceLimit } = Error;
    // Not by assignment, which throws if Error is frozen.
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit + OWN_FRAMES);
    Error.captureStackTrace(this, withCallerStack);
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }

  /** Only errors of dist-io: they are created in timers and message handlers, whose stacks have no line of the program. */
  addTo(error: Error): void {
    if (!(error instanceof DistIOError) || extended.has(error)) return;
    const [, ...frames] = this.stack.split('\n');
    const callers = frames.filter((frame) => !OWN_CODE.some((folder) => frame.includes(folder)));
    if (callers.length === 0) return;
    extended.add(error);
    Object.defineProperty(error, 'stack', { value: [error.stack, ...callers].join('\n'), configurable: true, writable: true });
  }
}

/** Adds the lines of the running call to the errors that a sink will get. It costs some µs: see the option `callerStack`. */
export function withCallerStack<Sink extends ResultSink>(sink: Sink): Sink {
  const caller = new CallerStack();
  const { reject, reader } = sink;
  return {
    ...sink,
    resolve: (response) => {
      if (!response.ok) caller.addTo(response.error);
      sink.resolve(response);
    },
    reject: reject && ((error: Error) => (caller.addTo(error), reject(error))),
    reader: reader && readerWith(caller, reader),
  };
}

function readerWith(caller: CallerStack, reader: ItemSink): ItemSink {
  return {
    push: (item) => reader.push(item),
    takeBuffered: () => reader.takeBuffered(),
    end: () => reader.end(),
    fail: (error, now) => {
      if (error instanceof Error) caller.addTo(error);
      reader.fail(error, now);
    },
  };
}
