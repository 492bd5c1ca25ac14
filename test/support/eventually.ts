import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition holds. @param limit in ms: fails, and says what it waited for, if it takes longer */
export async function eventually(condition: () => boolean | Promise<boolean>, limit = 10_000): Promise<void> {
  const deadline = performance.now() + limit;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`This has not become true within ${limit} ms: ${String(condition)}`);
    await pause(1);
  }
}
