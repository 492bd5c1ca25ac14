/** Resolves the error that a promise rejects with, and rejects if it resolves. */
export async function rejection(promise: PromiseLike<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error(`Expected a rejection, but the promise resolved ${String(value)}.`);
}
