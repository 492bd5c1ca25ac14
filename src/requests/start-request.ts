import { withCallerStack } from './caller-stack';
import { PendingRequest } from './pending-request';
import type { RequestCall } from './request-call';
import { traceRequest } from './request-diagnostics';
import type { SlaveRef } from './slave-ref';

/** Makes a request and submits it: both are the synchronous part of what it publishes. */
export function startRequest(slave: SlaveRef, given: RequestCall): PendingRequest {
  const call = slave.callerStack ? withCallerStack(given) : given;
  const trace = traceRequest(slave, call);
  // Without a closure: one for each request costs garbage collection.
  if (trace === undefined) return submitted(new PendingRequest(slave, call));
  return trace.start(() => submitted(new PendingRequest(slave, call, trace)));
}

function submitted(request: PendingRequest): PendingRequest {
  request.submit();
  return request;
}
