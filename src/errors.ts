const BRAND = Symbol.for('dist-io.error');

/**
 * The base of every error that is dist-io's own: catch it to tell the library's word from what a task threw.
 *
 * Every subclass has a `code` that never changes between releases, and the facts of the case as fields of their own.
 */
export abstract class DistIOError extends Error {
  /** Names the kind of error; safe to compare and to log. */
  abstract readonly code: string;

  /** @internal */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
  }

  /** @internal Marks the errors of every copy of the package. */
  get [BRAND](): true {
    return true;
  }

  /**
   * @internal Errors of another copy of the package are instances too: a program and its libraries may each have installed one.
   * Classes are compared by `code`, since bundlers shorten names.
   */
  static override [Symbol.hasInstance](this: unknown, value: unknown): boolean {
    const Class = this as { code?: string };
    if (Function.prototype[Symbol.hasInstance].call(Class, value)) return true;
    if (!(value instanceof Error) || !(BRAND in value)) return false;
    return Class === DistIOError || (Object.hasOwn(Class, 'code') && Class.code === (value as DistIOError).code);
  }
}

/** The slave has no task of this name. */
export class UnknownTaskError extends DistIOError {
  /** @internal */
  static readonly code = 'UNKNOWN_TASK';
  readonly code = UnknownTaskError.code;

  /** @internal */
  constructor(
    /** The name that was asked for. */
    readonly task: string,
    /** Which slave was asked, such as `slave 3 (resizer)`. */
    readonly slave: string,
    /** The names of the tasks that the slave does offer. */
    readonly offered: readonly string[],
  ) {
    const offer =
      offered.length === 0
        ? `It offers no task at all: does its file call slave.task(…) while it loads, or export a class with @Task methods?`
        : `It offers: ${offered.map((name) => `'${name}'`).join(', ')}.`;
    super(`${slave} has no task '${task}'. ${offer}`);
  }
}

/** No living slave answers to this selector. */
export class UnknownSlaveError extends DistIOError {
  /** @internal */
  static readonly code = 'UNKNOWN_SLAVE';
  readonly code = UnknownSlaveError.code;

  /** @internal */
  constructor(
    /** What was asked for: an id, an alias or a group, as given. */
    readonly selector: number | string,
  ) {
    super(
      typeof selector === 'number'
        ? `There is no living slave with id ${selector}. master.slaves lists those that live.`
        : `No living slave has the alias or group '${selector}'. master.slaves lists those that live.`,
    );
  }
}

/** No slave accepts work: none lives, or none of those that were selected. `cause`, where known, says why one of them does not. */
export class NoSlaveError extends DistIOError {
  /** @internal */
  static readonly code = 'NO_SLAVE';
  readonly code = NoSlaveError.code;

  /** @internal */
  constructor(
    /** The task; null when none was named yet. */
    readonly task: string | null,
    options?: ErrorOptions,
  ) {
    const aim = task === null ? '' : ` to execute the task '${task}'`;
    super(`There is no slave${aim} that accepts work. Create one with master.createSlave(…), or select others.`, options);
  }
}

/** An alias that a living slave already has was given to a second one. */
export class DuplicateAliasError extends DistIOError {
  /** @internal */
  static readonly code = 'DUPLICATE_ALIAS';
  readonly code = DuplicateAliasError.code;

  /** @internal */
  constructor(
    /** The alias that is taken. */
    readonly alias: string,
  ) {
    super(`The alias '${alias}' belongs to a living slave. Choose another, or end that slave first.`);
  }
}

/** Two handlers claim one task name in one slave. */
export class DuplicateTaskError extends DistIOError {
  /** @internal */
  static readonly code = 'DUPLICATE_TASK';
  readonly code = DuplicateTaskError.code;

  /** @internal */
  constructor(
    /** The name that both claim. */
    readonly task: string,
    first: string,
    second: string,
  ) {
    super(`The task '${task}' is claimed twice: by ${first} and by ${second}. Rename one of them.`);
  }
}

/** A class handed to `bootstrap` has no method marked with `@Task`. */
export class NoTasksError extends DistIOError {
  /** @internal */
  static readonly code = 'NO_TASKS';
  readonly code = NoTasksError.code;

  /** @internal */
  constructor(
    /** The name of the class. */
    readonly className: string,
  ) {
    super(`The class ${className} has no task. Mark at least one of its methods with @Task('name') or @Task().`);
  }
}

/** A typed client was asked for a method that more than one class of the slave has. */
export class AmbiguousMethodError extends DistIOError {
  /** @internal */
  static readonly code = 'AMBIGUOUS_METHOD';
  readonly code = AmbiguousMethodError.code;

  /** @internal */
  constructor(
    /** The method that was called. */
    readonly method: string,
    /** The classes that have it. */
    readonly classes: readonly string[],
  ) {
    super(
      `More than one class of this slave has a task method '${method}': ${classes.join(', ')}. ` +
        `Say which one you mean: slave.as<${classes[0]}>('${classes[0]}').`,
    );
  }
}

/** The time given to a request ran out. The task's signal was aborted; an answer that still comes is dropped and counted. */
export class TimeoutError extends DistIOError {
  /** @internal */
  static readonly code = 'TIMEOUT';
  readonly code = TimeoutError.code;

  /** @internal */
  constructor(
    /** The task. */
    readonly task: string,
    /** Which slave was asked; null when the time of the whole was up, whoever was asked, or before anybody was. */
    readonly slave: string | null,
    /** How much time there was, in ms: for the whole, when that is what was up. */
    readonly timeout: number,
  ) {
    const what = slave === null ? `The work with the task '${task}' was not finished` : `The task '${task}' on ${slave} did not answer`;
    super(`${what} within ${timeout} ms. Give it a longer timeout, or find out what it waits for.`);
  }
}

/** The caller's `AbortSignal` was aborted. `cause` is the signal's reason. */
export class AbortError extends DistIOError {
  /** @internal */
  static readonly code = 'ABORTED';
  readonly code = AbortError.code;

  /** @internal */
  constructor(
    /** The task. */
    readonly task: string,
    /** The reason of the signal. */
    readonly reason: unknown,
  ) {
    super(`The request for the task '${task}' was aborted by its signal.`, { cause: reason });
  }
}

/** How a slave ended on its own. @internal */
interface SlaveDeath {
  exitCode: number | null;
  signal: string | null;
  stderrTail: string;
  mayHaveExecuted: boolean;
  /** In one line. */
  reason?: string | null;
  cause?: unknown;
}

/** The slave's process or thread ended on its own, exit code 0 included. `cause`, where known, is the error that ended it. */
export class SlaveDiedError extends DistIOError {
  /** @internal */
  static readonly code = 'SLAVE_DIED';
  readonly code = SlaveDiedError.code;
  /** The exit code, or null when a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, or null. */
  readonly signal: string | null;
  /** The last lines that it wrote to stderr. */
  readonly stderrTail: string;
  /** Whether the task may have run, wholly or in part, in any attempt: false only when surely no slave saw the request. */
  readonly mayHaveExecuted: boolean;
  /** Why it ended, in one line, where that is known: what it threw, or what was wrong with what it sent. Else null. */
  readonly reason: string | null;

  /** @internal */
  constructor(
    /** Which slave it was. */
    readonly slave: string,
    facts: SlaveDeath,
  ) {
    const { exitCode, signal, stderrTail, mayHaveExecuted, reason = null } = facts;
    const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
    const hint = reason !== null ? `: ${reason}` : stderrTail.trim() === '' ? '.' : '. Its last output on stderr is in stderrTail.';
    super(`${slave} ended ${how} before it ${mayHaveExecuted ? 'answered' : 'got this request'}${hint}`, causeOf(facts));
    this.exitCode = exitCode;
    this.signal = signal;
    this.stderrTail = stderrTail;
    this.mayHaveExecuted = mayHaveExecuted;
    this.reason = reason;
  }
}

/** The master ended the slave (exit, kill) before this request was answered, or the request came after that. */
export class SlaveExitedError extends DistIOError {
  /** @internal */
  static readonly code = 'SLAVE_EXITED';
  readonly code = SlaveExitedError.code;
  /** Whether the task may have run, wholly or in part, in any attempt. */
  readonly mayHaveExecuted: boolean;
  /** Why, when the user did not ask for it: another task had not stopped when it was cancelled with `'kill'`. Else null. */
  readonly reason: string | null;

  /** @internal */
  constructor(
    /** Which slave it was. */
    readonly slave: string,
    { mayHaveExecuted, forced = false, reason = null }: { mayHaveExecuted: boolean; forced?: boolean; reason?: string | null },
  ) {
    super(
      reason !== null
        ? `${slave} was ended because ${reason}.`
        : !mayHaveExecuted
          ? `${slave} was ended by its master and takes no more work.`
          : forced
            ? `${slave} had not finished within its 'shutdown' time and was ended by force. Give that option a longer time, or the task a shorter one.`
            : `${slave} was ended by its master before it answered. exit() lets pending work finish; kill() and { pending: 'abort' } do not.`,
    );
    this.mayHaveExecuted = mayHaveExecuted;
    this.reason = reason;
  }
}

/** As much work waits as may. It was refused; nothing was sent. */
export class QueueFullError extends DistIOError {
  /** @internal */
  static readonly code = 'QUEUE_FULL';
  readonly code = QueueFullError.code;

  /** @internal */
  constructor(
    /** The task. */
    readonly task: string,
    /** How much may wait. */
    readonly limit: number,
  ) {
    super(`The task '${task}' was refused: the limit of ${limit} is reached. Wait for some to be done, or raise the limit.`);
  }
}

/** The slave is paused and refuses requests until it resumes. */
export class SlavePausedError extends DistIOError {
  /** @internal */
  static readonly code = 'SLAVE_PAUSED';
  readonly code = SlavePausedError.code;

  /** @internal */
  constructor(
    /** The task that was refused. */
    readonly task: string,
    /** Which slave it was. */
    readonly slave: string,
  ) {
    super(`${slave} is paused and refused the task '${task}'. Ask again after it has called slave.resume().`);
  }
}

/** The slave did not start: its file is missing, does not load, crashed while it loaded, or had not loaded within `startTimeout`. `cause`, where known, says why. */
export class SpawnError extends DistIOError {
  /** @internal */
  static readonly code = 'SPAWN_FAILED';
  readonly code = SpawnError.code;
  /** The exit code, or null. */
  readonly exitCode: number | null;
  /** The signal that ended it, or null. */
  readonly signal: string | null;
  /** The last lines that it wrote to stderr. */
  readonly stderrTail: string;

  /** @internal */
  constructor(
    /** The file that should have started, as far as it could be resolved. */
    readonly path: string,
    /** In one line. */
    reason: string,
    facts: { exitCode?: number | null; signal?: string | null; stderrTail?: string; cause?: unknown } = {},
  ) {
    super(`The slave file ${path} did not start: ${reason}`, causeOf(facts));
    this.exitCode = facts.exitCode ?? null;
    this.signal = facts.signal ?? null;
    this.stderrTail = facts.stderrTail ?? '';
  }
}

/** A value cannot travel between master and slave. The slave lives on. */
export class SerializationError extends DistIOError {
  /** @internal */
  static readonly code = 'NOT_SERIALIZABLE';
  readonly code = SerializationError.code;

  /** @internal */
  constructor(
    /** Where in the message the value stands, such as `data.items[3].fn`. */
    readonly path: string,
    /** What stands there, such as `a function`. */
    readonly found: string,
  ) {
    super(`${path} is ${found}, which cannot travel. Send plain data instead, or give the object a toJSON() method.`);
  }
}

/** A message is larger than `maxPayload`. It was refused by its sender; nothing was sent. */
export class PayloadTooLargeError extends DistIOError {
  /** @internal */
  static readonly code = 'PAYLOAD_TOO_LARGE';
  readonly code = PayloadTooLargeError.code;

  /** @internal */
  constructor(
    /** The size of the message in bytes, or `Infinity` when it was too large to be measured. */
    readonly size: number,
    /** The limit in bytes. */
    readonly limit: number,
  ) {
    super(`The message has ${size} bytes, more than the limit of ${limit}. Send it in parts, or raise maxPayload if that is the limit.`);
  }
}

const causeOf = ({ cause }: { cause?: unknown }): ErrorOptions | undefined => (cause === undefined ? undefined : { cause });

/** @internal What `String` gives, also for objects for which it throws: such can be thrown, too. */
export function safeString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an object without words';
  }
}

/** @internal A value for a message: strings in quotes, which tell them from what merely looks like them, and in one line. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string' ? `'${oneLine(value)}'` : oneLine(safeString(value));
}

/** @internal A thrown value for a message: its first line, without the folders of the machine that threw it. */
export function summary(thrown: unknown): string {
  const [line] = safeString(thrown).trimStart().split('\n', 1);
  return line.slice(0, LONGEST_SUMMARY).replace(FOLDERS, '').trimEnd();
}

/** In characters. */
const LONGEST_SUMMARY = 300;

/** The folders of an absolute path or a `file:` URL. */
const FOLDERS = /(?<![\w:/\\.-])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\\/\s'"`()]+[\\/])+/g;

/** Line breaks come with the values that a message quotes. */
function oneLine(message: string): string {
  return /[\r\n\u2028\u2029]/.test(message) ? message.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ') : message;
}
