import { satisfying } from '../option-rules';

/** A condition on a label of a host: an equal value, or a string that begins with `=`, `!=` or `>=`. */
export type LabelCondition = string | number | boolean;

/**
 * On which other machine a slave runs: the name of a host, several names, `'any'`, or conditions that the labels of the host meet, such as
 * `{ gpu: true, zone: '!=eu', cores: '>=8' }`.
 */
export type HostSelector = string | readonly string[] | Readonly<Record<string, LabelCondition>>;

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCondition = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function isHostSelector(value: unknown): value is HostSelector {
  if (isName(value)) return true;
  if (Array.isArray(value)) return value.length > 0 && value.every(isName);
  return typeof value === 'object' && value !== null && Object.values(value).every(isCondition);
}

export const hostSelector = satisfying(
  `the name of a host, an array of names, 'any', or an object of labels such as { gpu: true, cores: '>=8' }`,
  isHostSelector,
);

/** Tells whether a host has what a selector asks for. */
export function suits(
  selector: HostSelector,
  { name, labels }: { name: string; labels: Readonly<Record<string, LabelCondition>> },
): boolean {
  if (typeof selector === 'string') return selector === 'any' || selector === name;
  if (Array.isArray(selector)) return selector.includes(name);
  return Object.entries(selector).every(([label, condition]) => meets(labels[label], condition));
}

function meets(value: LabelCondition | undefined, condition: LabelCondition): boolean {
  if (typeof condition !== 'string') return value === condition;
  if (condition.startsWith('!=')) return String(value) !== condition.slice(2);
  if (condition.startsWith('>=')) return Number(value) >= Number(condition.slice(2));
  return String(value) === condition.replace(/^=/, '');
}
