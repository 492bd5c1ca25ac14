import { DistIOError } from './dist-io-error';

/** The connection to a slave on another machine is lost. Its host ends the slave as soon as it notices the same. */
export class LinkLostError extends DistIOError {
  /** @internal */
  static readonly code = 'LINK_LOST';
  readonly code = LinkLostError.code;
  /** Whether the task may have run, wholly or in part, in any attempt. */
  readonly mayHaveExecuted: boolean;

  /** @internal */
  constructor(
    /** The slave, such as `slave 3 (resizer)`. */
    readonly slave: string,
    /** The name of its host. */
    readonly host: string,
    { mayHaveExecuted, detail }: { mayHaveExecuted: boolean; detail: string },
  ) {
    super(`The link to ${slave} on host '${host}' is lost before it ${mayHaveExecuted ? 'answered' : 'got this request'}: ${detail}`);
    this.mayHaveExecuted = mayHaveExecuted;
  }
}

/**
 * Why a host did not take a slave:
 * - `'no host'`: no host matches, or none answers
 * - `'unknown script'`: it does not offer this script
 * - `'version'`: it offers another version of the script, or speaks another version of the protocol
 * - `'full'`: it runs as many slaves as it may
 * - `'draining'`: it is about to leave
 * - `'not allowed'`: its configuration forbids what was asked for
 */
export type HostRefusal = 'no host' | 'unknown script' | 'version' | 'full' | 'draining' | 'not allowed';

/** No host took a slave. It is the `cause` of the slave's `SpawnError`. */
export class HostRefusedError extends DistIOError {
  /** @internal */
  static readonly code = 'HOST_REFUSED';
  readonly code = HostRefusedError.code;

  /** @internal */
  constructor(
    /** Why. */
    readonly reason: HostRefusal,
    /** In one line, with what to do next. */
    detail: string,
    /** The host that refused; null when there was none to ask. */
    readonly host: string | null = null,
  ) {
    super(detail);
  }
}
