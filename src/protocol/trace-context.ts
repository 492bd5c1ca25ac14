/**
 * Trace context in the metadata: W3C's `traceparent` and `tracestate`, or the fields of the program's own propagator.
 *
 * Each major version of OpenTelemetry's API registers itself under such a symbol, so that all its copies in a process share one state
 * (opentelemetry-js, api/src/internal/global-utils.ts). The look-up avoids loading it in programs without tracing.
 */
const OTEL_API = Symbol.for('opentelemetry.js.api.1');

/** The used part of OpenTelemetry's ContextManager and TextMapPropagator. */
interface OpenTelemetry {
  readonly context?: {
    active(): unknown;
    with<Result>(context: unknown, call: () => Result): Result;
  };
  readonly propagation?: {
    inject(context: unknown, carrier: Carrier, setter: { set(carrier: Carrier, key: string, value: string): void }): void;
    extract(
      context: unknown,
      carrier: Carrier,
      getter: { get(carrier: Carrier, key: string): unknown; keys(carrier: Carrier): string[] },
    ): unknown;
  };
}

type Carrier = Record<string, unknown>;

const setter = { set: (carrier: Carrier, key: string, value: string): void => void (carrier[key] = value) };
const getter = {
  get: (carrier: Carrier, key: string): unknown => carrier[key],
  keys: (carrier: Carrier): string[] => Object.keys(carrier),
};

const ABSENT: OpenTelemetry = {};
const shared = globalThis as { [OTEL_API]?: OpenTelemetry };

/** The active trace context as defaults for the metadata; undefined without active tracing. */
export function injectTrace(): Carrier | undefined {
  const { context, propagation } = shared[OTEL_API] ?? ABSENT;
  if (context === undefined || propagation === undefined) return undefined;
  const carrier = Object.create(null) as Carrier;
  propagation.inject(context.active(), carrier, setter);
  return Object.keys(carrier).length > 0 ? carrier : undefined;
}

/** Calls back in the trace context of the metadata. */
export function runInTrace<Result>(metadata: Carrier | null, call: () => Result): Result {
  const { context, propagation } = shared[OTEL_API] ?? ABSENT;
  if (metadata === null || context === undefined || propagation === undefined) return call();
  return context.with(propagation.extract(context.active(), metadata, getter), call);
}
