import { AsyncResource } from 'node:async_hooks';
import { type Claims, difference } from '../protocol/claims';
import { monotonic, setImmediate } from '../platform';
import type { Request, Revoke } from '../protocol/messages';

/** In ms: how long tasks may run one after the other before their answers are sent and messages are read. */
const TURN = 0.25;

/** What the requests need of their server. */
interface HandedHost {
  /** The number of running tasks. */
  readonly running: number;
  begin(request: Request): void;
}

/** The requests that were handed ahead. They begin in their order, as soon as fewer tasks are running than the `limit` of the request. */
export class HandedRequests {
  private readonly waiting: { readonly request: Request; readonly position: number }[] = [];
  private lastPosition = 0;
  /** Whether the first was claimed and revoked at the same time. It waits for the master's message. */
  private isRevoked = false;
  /** Whether the first is claimed. */
  private isClaimed = false;
  private isBeginning = false;

  constructor(
    private readonly claims: Claims,
    private readonly host: HandedHost,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  add(request: Request): void {
    this.lastPosition = (this.lastPosition + 1) | 0;
    this.waiting.push({ request, position: this.lastPosition });
    this.begin();
  }

  /** Drops those that the master has taken back. */
  revoke({ revoked, first }: Revoke): void {
    this.claims.handle(revoked);
    const index = this.waiting.findIndex(({ position }) => difference(position, first) >= 0);
    if (index >= 0) this.waiting.length = index;
    if (index === 0) this.isClaimed = false;
    // Another revocation may have followed.
    this.isRevoked = this.isClaimed && !this.claims.mayBegin(this.waiting[0].position);
    this.begin();
  }

  clear(): void {
    this.waiting.length = 0;
    this.isClaimed = this.isRevoked = false;
  }

  /** Begins with those that may. In the async context of the server: a task that ends must not pass its own on to the next one. */
  readonly begin = AsyncResource.bind(() => this.beginAll());

  private beginAll(): void {
    // A task that completes at once calls back.
    if (this.isBeginning || this.waiting.length === 0) return;
    this.isBeginning = true;
    const end = monotonic() + TURN;
    let isOver = false;
    while (!isOver && this.mayBegin()) {
      const [{ request }] = this.waiting.splice(0, 1);
      this.isClaimed = false;
      this.host.begin(request);
      isOver = monotonic() > end;
    }
    this.isBeginning = false;
    if (isOver) setImmediate(this.begin);
  }

  /** Whether the first may begin. Claims it. */
  private mayBegin(): boolean {
    if (this.waiting.length === 0 || this.isRevoked) return false;
    const [{ request, position }] = this.waiting;
    if (this.host.running >= (request.limit ?? Infinity)) return false;
    this.isRevoked = !this.isClaimed && !this.claims.claim(position);
    this.isClaimed = true;
    return !this.isRevoked;
  }
}
