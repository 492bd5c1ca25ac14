/** A response tells by `ok`, or by `error`, which half of it has a meaning. */
import type { Response, ResponseArray, SlaveHandle } from 'dist-io';
import { expectTypeOf } from 'expect-type';

export function look(response: Response<string>, responses: ResponseArray<number>): void {
  expectTypeOf(response.value).toEqualTypeOf<string | undefined>();
  expectTypeOf(response.error).toEqualTypeOf<Error | null>();
  expectTypeOf(response.unwrap()).toEqualTypeOf<string>();
  expectTypeOf(response.from).toEqualTypeOf<number>();
  expectTypeOf(response.slave).toEqualTypeOf<SlaveHandle>();

  if (response.ok) {
    expectTypeOf(response.value).toEqualTypeOf<string>();
    expectTypeOf(response.error).toEqualTypeOf<null>();
  } else {
    expectTypeOf(response.value).toEqualTypeOf<undefined>();
    expectTypeOf(response.error).toEqualTypeOf<Error>();
    expectTypeOf(response.unwrap()).toEqualTypeOf<never>();
  }
  if (response.error === null) expectTypeOf(response.value).toEqualTypeOf<string>();

  expectTypeOf(responses.values).toEqualTypeOf<number[]>();
  expectTypeOf(responses.errors).toEqualTypeOf<Error[]>();
  expectTypeOf(responses.map(({ ok }) => ok)).toEqualTypeOf<boolean[]>();
  for (const one of responses) expectTypeOf(one).toEqualTypeOf<Response<number>>();
}
