import { rejection } from '../../support/rejection';

/** The error that ends an iteration. @param received gets the values before it */
export function iterationError(values: AsyncIterable<unknown>, received: unknown[] = []): Promise<Error> {
  const iterate = async (): Promise<void> => {
    for await (const value of values) received.push(value);
  };
  return rejection(iterate());
}
