import { Task } from 'dist-io';

export class Calculator {
  @Task()
  add({ a, b }: { a: number; b: number }): number {
    return a + b;
  }

  @Task()
  divide({ a, b }: { a: number; b: number }): number {
    if (b === 0) throw new RangeError('Division by zero');
    return a / b;
  }
}
