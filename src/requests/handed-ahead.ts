import { difference } from '../protocol/claims';
import type { PendingRequest } from './pending-request';
import type { PendingRequests } from './pending-requests';
import type { RequestQueueHost } from './request-queue-host';

/** In ms: how much work a slave may have ahead. Longer than the way to a slave and back, so that it never waits for work. */
const WORK_AHEAD = 1;

/** The most requests that a slave may have ahead. */
const MAX_AHEAD = 512;

/** In bytes: with so much on its way, nothing more is handed ahead. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The requests that a slave was sent though it is busy. It begins with them in their order: see `Claims`. */
export class HandedAhead {
  /** By position, except those of which an answer shows that the slave has begun with them. */
  private readonly handed: PendingRequest[] = [];
  private lastPosition = 0;
  /** In ms: the average running time of the slave's tasks, once it has told. */
  private mean = Infinity;

  constructor(
    private readonly host: Pick<RequestQueueHost, 'claims' | 'send'>,
    private readonly requests: PendingRequests<PendingRequest>,
  ) {}

  setPace(mean: number): void {
    this.mean = mean;
  }

  /** How many requests may be handed ahead. @param limit how many run at the same time @param bytes what was sent and is not answered */
  room(limit: number, bytes: number): number {
    if (bytes > MAX_BYTES || this.host.claims()?.areSettled !== true) return 0;
    return Math.min(MAX_AHEAD, Math.floor((limit * WORK_AHEAD) / this.mean));
  }

  /** The request was sent. */
  add(request: PendingRequest): void {
    this.lastPosition = (this.lastPosition + 1) | 0;
    request.position = this.lastPosition;
    this.handed.push(request);
  }

  /** The slave has answered the request: it has begun with those before it, too. */
  answered({ position }: PendingRequest): void {
    if (position === undefined) return;
    while (this.handed.length > 0 && difference(this.positionOf(0), position) <= 0) this.handed.shift();
  }

  /** Takes back those that have not begun, from the first one of a lower priority on. */
  takeBack(priority: number): void {
    this.revoke(this.firstWaiting(priority), () => false);
  }

  /** Takes back a request that is about to end without its answer, and all after it. */
  giveUp(request: PendingRequest): void {
    this.revoke(this.isWaiting(request) ? request : undefined, (taken) => taken === request);
  }

  /** Takes back all: they stay pending, as requests that were not sent. */
  unsend(): void {
    this.revoke(this.firstWaiting(Infinity), () => true);
  }

  /** The slave has ended: it has not begun with some, and an inline one must not do so later. */
  end(): void {
    // Not the first unclaimed position: it may have been revoked before, and a slave ignores a revocation that it knows.
    const from = this.firstWaiting(Infinity)?.position;
    if (from === undefined) return;
    for (const { id } of this.takeFrom(this.host.claims()?.revoke(from))) this.requests.unsend(id);
  }

  /** @param isKept which of those that are taken back stay pending; the others are made again by their owner */
  private revoke(from: PendingRequest | undefined, isKept: (request: PendingRequest) => boolean): void {
    const claims = this.host.claims();
    const revoked = from?.position;
    if (claims === undefined || revoked === undefined) return;
    const first = claims.revoke(revoked);
    this.host.send({ type: 'revoke', revoked, first });
    // The last one first: each is put before the others.
    for (const request of this.takeFrom(first).reverse()) {
      if (isKept(request)) this.requests.unsend(request.id);
      else {
        this.requests.withdraw(request.id);
        request.takenBack();
      }
    }
  }

  private firstWaiting(priority: number): PendingRequest | undefined {
    const first = this.host.claims()?.firstUnclaimed ?? 0;
    return this.handed.find(({ handedAhead }, i) => (handedAhead?.priority ?? 0) < priority && difference(this.positionOf(i), first) >= 0);
  }

  private takeFrom(first: number | undefined): PendingRequest[] {
    if (first === undefined) return [];
    const index = this.handed.findIndex((_, i) => difference(this.positionOf(i), first) >= 0);
    return index < 0 ? [] : this.handed.splice(index);
  }

  private isWaiting({ position }: PendingRequest): boolean {
    const claims = this.host.claims();
    return claims !== undefined && position !== undefined && difference(position, claims.firstUnclaimed) >= 0;
  }

  private positionOf(index: number): number {
    return this.handed[index].position ?? 0;
  }
}
