import type * as requests from '../requests/response';
import type * as arrays from '../requests/response-array';
import type * as diagnostics from '../requests/request-diagnostics';
import type { PipeBuilder } from './request-builders';
import type { SlaveHandle } from './slave-handle';

/**
 * The outcome of a request: a `value`, or an `error`, which is null on success. Checking `ok` narrows the type.
 */
export type Response<Value = unknown> = requests.Response<Value, SlaveHandle, PipeBuilder>;

/** The response of a task that succeeded. */
export type SucceededResponse<Value = unknown> = requests.SucceededResponse<Value, SlaveHandle, PipeBuilder>;

/** The response of a task that failed, or never ran. */
export type FailedResponse = requests.FailedResponse<SlaveHandle, PipeBuilder>;

/** The properties of every response, whether its task succeeded or failed. */
export type ResponseBase = requests.ResponseBase<SlaveHandle, PipeBuilder>;

/**
 * The responses of several slaves, in the order in which the slaves were named. It is an array, except that `values` is an array of values
 * and not an iterator method; `map` and `filter` give plain arrays.
 */
export type ResponseArray<Value = unknown> = arrays.ResponseArray<Value, SlaveHandle, PipeBuilder>;

/** The message of a request on the tracing channel `dist-io:request` of `node:diagnostics_channel`: the same object in all events. */
export type RequestDiagnostics = diagnostics.RequestDiagnostics<SlaveHandle>;
