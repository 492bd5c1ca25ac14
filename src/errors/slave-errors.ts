import { DistIOError } from './dist-io-error';

/** A selector names no living slave. */
export class UnknownSlaveError extends DistIOError {
  /** @internal */
  static readonly code = 'UNKNOWN_SLAVE';
  readonly code = UnknownSlaveError.code;

  /** @internal */
  constructor(
    /** The id, alias or group. */
    readonly selector: number | string,
  ) {
    super(
      typeof selector === 'number'
        ? `There is no living slave with id ${selector}. master.slaves lists those that live.`
        : `No living slave has the alias or group '${selector}'. master.slaves lists those that live.`,
    );
  }
}

/** A new slave has the alias of a living one. */
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

/** Two handlers of a slave claim the same task name. */
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

/** A class passed to `bootstrap` has no method marked with `@Task`. */
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

/**
 * Why a slave ended on its own:
 * - `'exit'`: it called `process.exit`, or had nothing left to do
 * - `'crash'`: an exception that nothing caught, a failure inside Node or an addon (`SIGSEGV`, `SIGABRT`, …), or a malformed message
 * - `'signal'`: a signal that it was sent
 * - `'out of memory'`: it reached V8's heap limit, or the kernel killed it to free memory
 * - `'unresponsive'`: its thread was blocked for longer than the option `responsive` allows
 * - `'recycled'`: its replacement was due, and its tasks had not ended within `shutdown`
 * - `'link'`: its channel was closed while it lived
 */
export type DeathReason = 'exit' | 'crash' | 'signal' | 'out of memory' | 'unresponsive' | 'recycled' | 'link';

/** How a slave died. @internal */
interface SlaveDeath {
  exitCode: number | null;
  signal: string | null;
  stderrTail: string;
  mayHaveExecuted: boolean;
  reason: DeathReason;
  /** In one line, for the message. */
  detail?: string | null;
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
  /** Whether the task may have run, wholly or in part, in any attempt. False only when certainly no slave has seen the request. */
  readonly mayHaveExecuted: boolean;
  /** Why it ended. */
  readonly reason: DeathReason;

  /** @internal */
  constructor(
    /** The slave, such as `slave 3 (resizer)`. */
    readonly slave: string,
    facts: SlaveDeath,
  ) {
    const { exitCode, signal, stderrTail, mayHaveExecuted, reason, detail = null } = facts;
    const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
    const hint = detail !== null ? `: ${detail}` : stderrTail.trim() === '' ? '.' : '. Its last output on stderr is in stderrTail.';
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
  /** Why, when the user did not ask for it: another task had not stopped after it was cancelled with `'kill'`. Otherwise null. */
  readonly reason: string | null;

  /** @internal */
  constructor(
    /** The slave, such as `slave 3 (resizer)`. */
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

/**
 * The slave did not start: its file is missing, does not load, crashed while it loaded, or had not loaded within `startTimeout`. `cause`,
 * where known, says why.
 */
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

const causeOf = ({ cause }: { cause?: unknown }): ErrorOptions | undefined => (cause === undefined ? undefined : { cause });
