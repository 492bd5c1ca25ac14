/**
 * The context of a trace across the border: W3C's `traceparent` and `tracestate`, or whatever the program's propagator writes, travel in
 * the metadata.
 *
 * OpenTelemetry's API registers itself under this symbol, one for each of its major versions, so that all its copies in a process are one
 * (opentelemetry-js, api/src/internal/global-utils.ts). Looked up there, it need not be loaded where nobody traces.
 */
const OTEL_API = Symbol.for('opentelemetry.js.api.1');

/** As much of OpenTelemetry's ContextManager and TextMapPropagator as is used here. */
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

/** The context of the running code, to be laid under its metadata; undefined when nobody traces it. */
export function injectTrace(): Carrier | undefined {
  const { context, propagation } = shared[OTEL_API] ?? ABSENT;
  if (context === undefined || propagation === undefined) return undefined;
  const carrier = Object.create(null) as Carrier;
  propagation.inject(context.active(), carrier, setter);
  return Object.keys(carrier).length > 0 ? carrier : undefined;
}

/** The inverse of {@link injectTrace}: calls back in the context that the metadata bring. */
export function runInTrace<Result>(metadata: Carrier | null, call: () => Result): Result {
  const { context, propagation } = shared[OTEL_API] ?? ABSENT;
  if (metadata === null || context === undefined || propagation === undefined) return call();
  return context.with(propagation.extract(context.active(), metadata, getter), call);
}
