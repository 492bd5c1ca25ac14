import type * as requests from '../requests/response';
import type * as arrays from '../requests/response-array';
import type * as diagnostics from '../requests/request-diagnostics';
import type { PipeBuilder } from './request-builders';
import type { SlaveHandle } from './slave-handle';

/**
 * The outcome of a request: a `value`, or an `error`, which is null on success. Checking `ok` narrows the type.
 */
export type Response<Value = unknown> = SucceededResponse<Value> | FailedResponse;

/** The response of a task that succeeded. */
export interface SucceededResponse<Value = unknown> extends requests.SucceededResponse<Value, SlaveHandle, PipeBuilder> {}

/** The response of a task that failed, or never ran. */
export interface FailedResponse extends requests.FailedResponse<SlaveHandle, PipeBuilder> {}

/** The properties of every response, whether its task succeeded or failed. */
export interface ResponseBase extends requests.ResponseBase<SlaveHandle, PipeBuilder> {}

/**
 * The responses of several slaves, in the order in which the slaves were named. It is an array, except that `values` is an array of values
 * and not an iterator method; `map` and `filter` give plain arrays.
 */
export interface ResponseArray<Value = unknown> extends arrays.ResponseArray<Value, SlaveHandle, PipeBuilder> {}

/** The message of a request on the tracing channel `dist-io:request` of `node:diagnostics_channel`: the same object in all events. */
export interface RequestDiagnostics extends diagnostics.RequestDiagnostics<SlaveHandle> {}
