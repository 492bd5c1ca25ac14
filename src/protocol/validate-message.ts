import type { ToMaster, ToSlave } from './messages';

/** Requests are kept by their ids: one that is no number could name anything. */
export function idOf(value: unknown): number {
  if (!Number.isInteger(value)) throw new TypeError('an id that is no number');
  return value as number;
}

/** A far end that is broken may say anything at all: what reads a list or a text later must find one. */
export function validateMessage(message: unknown): ToSlave | ToMaster {
  if (typeof message !== 'object' || message === null) throw new TypeError('not a message');
  const { type, id, tasks, refusal, count, bytes } = message as Record<string, unknown>;
  if (typeof type !== 'string') throw new TypeError('a message without a type');
  if (id !== undefined) idOf(id);
  if ((type === 'ready' || type === 'tasks') && !(Array.isArray(tasks) && tasks.every(isTaskInfo)))
    throw new TypeError('not a list of tasks');
  if (type === 'credit' && !(Number.isSafeInteger(count) && (count as number) > 0)) throw new TypeError('a credit of nothing');
  if (type === 'purged' && !isPurged(message)) throw new TypeError('a purge without its counts');
  if (type === 'lost output' && !isCount(bytes)) throw new TypeError('lost output without its size');
  if (type === 'refused' && !isRefusal(refusal)) throw new TypeError('a refusal without its reason');
  return message as ToSlave | ToMaster;
}

function isPurged({ files, results, bytes }: { files?: unknown; results?: unknown; bytes?: unknown }): boolean {
  return [files, results, bytes].every(isCount);
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

/** They become timers and counters in the master. */
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
