import type { ToMaster, ToSlave } from './messages';

/**
 * Checks an id. Requests are looked up by it, and other values could address unrelated properties.
 *
 * @throws TypeError
 */
export function idOf(value: unknown): number {
  if (!Number.isInteger(value)) throw new TypeError('the id is not an integer');
  return value as number;
}

/**
 * Checks the fields that are used without a check later, since a faulty sender may send any value.
 *
 * @throws TypeError
 */
export function validateMessage(message: unknown): ToSlave | ToMaster {
  if (typeof message !== 'object' || message === null) throw new TypeError('the message is not an object');
  const { type, id, tasks, refusal, count, bytes, mean } = message as Record<string, unknown>;
  if (typeof type !== 'string') throw new TypeError('the message has no type');
  if (id !== undefined) idOf(id);
  if ((type === 'ready' || type === 'tasks') && !(Array.isArray(tasks) && tasks.every(isTaskInfo)))
    throw new TypeError('the list of tasks is invalid');
  if (type === 'credit' && !(Number.isSafeInteger(count) && (count as number) > 0))
    throw new TypeError('the credit is not a positive integer');
  if (type === 'pace' && !(typeof mean === 'number' && mean >= 0)) throw new TypeError('the pace is not a positive number');
  if (type === 'purged' && !isPurged(message)) throw new TypeError('the counts of a purge are invalid');
  if (type === 'pong' && !isPong(message)) throw new TypeError('the answer to a ping is invalid');
  if (type === 'lost output' && !isCount(bytes)) throw new TypeError('the size of lost output is invalid');
  if (type === 'refused' && !isRefusal(refusal)) throw new TypeError('the reason of a refusal is invalid');
  return message as ToSlave | ToMaster;
}

function isPurged({ files, results, bytes }: { files?: unknown; results?: unknown; bytes?: unknown }): boolean {
  return [files, results, bytes].every(isCount);
}

function isPong({ uptime, memory, eventLoop }: { uptime?: unknown; memory?: unknown; eventLoop?: unknown }): boolean {
  return typeof uptime === 'number' && areNumbers(memory) && areNumbers(eventLoop);
}

function areNumbers(values: unknown): boolean {
  return typeof values === 'object' && values !== null && Object.values(values).every((value) => typeof value === 'number');
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRefusal(refusal: unknown): boolean {
  if (typeof refusal !== 'object' || refusal === null) return false;
  const { reason, path, found, size, limit } = refusal as Record<string, unknown>;
  switch (reason) {
    case 'unknown task':
    case 'paused':
      return true;
    case 'not serializable':
      return typeof path === 'string' && typeof found === 'string';
    case 'too large':
      return typeof size === 'number' && typeof limit === 'number';
    default:
      return false;
  }
}

function isTaskInfo(task: unknown): boolean {
  if (typeof task !== 'object' || task === null) return false;
  const { name, className, methodName, defaults } = task as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    isOptionalString(className) &&
    isOptionalString(methodName) &&
    (defaults === undefined || areDefaults(defaults))
  );
}

/** Checked since the master uses them as timers and counters. */
function areDefaults(defaults: unknown): boolean {
  if (typeof defaults !== 'object' || defaults === null) return false;
  const { timeout, retries, idempotent, cancel, grace } = defaults as Record<string, unknown>;
  return (
    (timeout === undefined || (typeof timeout === 'number' && timeout > 0)) &&
    (retries === undefined || (Number.isSafeInteger(retries) && (retries as number) >= 0)) &&
    (idempotent === undefined || typeof idempotent === 'boolean') &&
    (cancel === undefined || cancel === 'signal' || cancel === 'kill') &&
    (grace === undefined || (typeof grace === 'number' && grace >= 0))
  );
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
