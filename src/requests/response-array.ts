import { show } from '../format';
import { oneOf } from '../option-rules';
import type { Response } from './response';
import type { SlaveRef } from './slave-ref';

/**
 * The responses of several slaves, in the order in which the slaves were named. An array, except that `values`
 * is an array of the values instead of a method; `map` and `filter` return plain arrays.
 */
export interface ResponseArray<Value = unknown, Slave = SlaveRef, Builder = unknown> extends Omit<
  Array<Response<Value, Slave, Builder>>,
  'values'
> {
  /** The values of those that succeeded. */
  readonly values: Value[];
  /** The errors of those that failed; empty when all went well. */
  readonly errors: Error[];
  /** The sum of the values. */
  readonly sum: number;
  /** The product of the values; 1 without values. */
  readonly product: number;
  /** The mean of their durations, in ms; 0 without responses. */
  readonly averageDuration: number;
  /** The values as one string. @param glue the separator. Default: `','` */
  joinValues(glue?: string): string;
  /**
   * Sorts in place by a property of the responses, such as `'duration'`, or else of their values. Responses without it come last.
   *
   * @param direction default: `'asc'`
   * @throws TypeError for a property that no response and no value has, or another direction
   */
  sortBy(property: string, direction?: 'asc' | 'desc'): this;
}

class Responses extends Array<Response> {
  /** The name that console.log shows. */
  static override readonly name = 'ResponseArray';

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  get errors(): Error[] {
    return this.flatMap((response) => (response.ok ? [] : [response.error]));
  }

  get sum(): number {
    return (this as unknown as ResponseArray<number>).values.reduce((sum, value) => sum + value, 0);
  }

  get product(): number {
    return (this as unknown as ResponseArray<number>).values.reduce((product, value) => product * value, 1);
  }

  get averageDuration(): number {
    return this.length === 0 ? 0 : this.reduce((sum, { duration }) => sum + duration, 0) / this.length;
  }

  joinValues(glue = ','): string {
    return (this as unknown as ResponseArray).values.join(glue);
  }

  sortBy(property: string, direction: 'asc' | 'desc' = 'asc'): this {
    const sign = readDirection(direction, 'direction') === 'asc' ? 1 : -1;
    const holderOf = (response: Response): unknown => (SORTABLE.has(property) ? response : response.value);
    if (this.some(({ ok }) => ok) && !this.some((response) => has(holderOf(response), property)))
      throw new TypeError(
        `No response and no value has a property ${show(property)}. Properties of responses: ${[...SORTABLE].join(', ')}.`,
      );
    const key = (response: Response): never => (holderOf(response) as Record<string, never> | null | undefined)?.[property] as never;
    return this.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      if (isMissing(x) || isMissing(y)) return Number(isMissing(x)) - Number(isMissing(y));
      return x < y ? -sign : x > y ? sign : 0;
    });
  }
}

/** The properties of a response that have an order. */
const SORTABLE: ReadonlySet<string> = new Set(['from', 'task', 'sent', 'received', 'duration', 'attempt', 'ok', 'error', 'value']);

const isMissing = (value: unknown): boolean => value === undefined;

const readDirection = oneOf('asc', 'desc');

/** Values arrive without methods, so that members of Object.prototype are not properties to sort by. */
function has(holder: unknown, property: string): boolean {
  if (holder === null || holder === undefined) return false;
  return Object.hasOwn(Object(holder) as object, property) || (property in (Object(holder) as object) && !(property in Object.prototype));
}

// `values` is a method of arrays; a subclass may not declare it as a property of another type.
Object.defineProperty(Responses.prototype, 'values', {
  get(this: Responses) {
    return this.flatMap((response) => (response.ok ? [response.value] : []));
  },
});

/** @internal */
export function responseArray<Value, Slave, Builder>(
  responses: readonly Response<unknown, Slave, Builder>[],
): ResponseArray<Value, Slave, Builder> {
  return Responses.from(responses as readonly Response[]) as unknown as ResponseArray<Value, Slave, Builder>;
}
