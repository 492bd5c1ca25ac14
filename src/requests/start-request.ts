import { withCallerStack } from './caller-stack';
import { PendingRequest, type RequestCall } from './pending-request';
import { traceRequest } from './request-diagnostics';
import type { SlaveRef } from './slave-ref';
import type { SlaveRequests } from './slave-requests';

type Send = (request: PendingRequest) => void;

/** Makes a request and hands it to `send`: both are the synchronous part of what the request publishes. */
export function startRequest(slave: SlaveRef, requests: SlaveRequests, given: RequestCall, send: Send): PendingRequest {
  const call = slave.callerStack ? withCallerStack(given) : given;
  const trace = traceRequest(slave, call);
  // Without a closure: one for each request costs garbage collection.
  if (trace === undefined) return sent(new PendingRequest(slave, requests, call), send);
  return trace.start(() => sent(new PendingRequest(slave, requests, call, trace), send));
}

function sent(request: PendingRequest, send: Send): PendingRequest {
  send(request);
  return request;
}
