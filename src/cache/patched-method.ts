/** Any function of `fs`. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

export type Methods = Record<string, Method | undefined>;

/** Replaces `target[name]`, which must exist, by the result of `wrap`. */
export interface Replacement {
  target: Methods;
  name: string;
  wrap: (original: Method) => Method;
}

/** A replaced function. The replacement calls the original while `isOn` is false. */
export class PatchedMethod {
  private readonly original: Method;
  private readonly replacement: Method;

  constructor(
    private readonly place: Replacement,
    isOn: () => boolean,
  ) {
    const { target, name, wrap } = place;
    const original = target[name] as Method;
    const wrapped = wrap(original);
    this.original = original;
    this.replacement = function (...args) {
      return (isOn() ? wrapped : original).apply(this, args);
    };
    // Name, length and the symbol of `util.promisify`.
    Object.defineProperties(this.replacement, Object.getOwnPropertyDescriptors(original));
    target[name] = this.replacement;
  }

  /** Restores the original, unless other code has replaced the function since. */
  undo(): void {
    const { target, name } = this.place;
    if (target[name] === this.replacement) target[name] = this.original;
  }
}
