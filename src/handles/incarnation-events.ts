import type { PendingRequest } from '../requests/pending-request';
import type { Incarnation } from './incarnation';
import type { EndError, ExitReport } from './lifecycle';
import type { SlaveSpec } from './slave-control';

/** What an incarnation starts from. */
export interface IncarnationSpec extends SlaveSpec {
  /** The slave's name in messages. */
  readonly label: string;
}

/** What an incarnation reports to its slave. */
export interface IncarnationEvents {
  onReady(incarnation: Incarnation): void;
  onSent(request: PendingRequest): void;
  onProgress(request: PendingRequest, value: unknown): void;
  /** The first request has come, or the last one is settled. */
  onBusyChange(): void;
  /** It has completed a task. */
  onCompleted(incarnation: Incarnation): void;
  /** Its host is about to leave. */
  onDue(incarnation: Incarnation): void;
  /** It accepts no more work. */
  onClosed(incarnation: Incarnation): void;
  /** It has ended. Its requests are settled next: with a successor in place, they go on there. */
  onEnding(incarnation: Incarnation): void;
  /** It has ended, and its requests are settled. @param error what its requests got */
  onEnded(incarnation: Incarnation, report: ExitReport, error: EndError): void;
}
