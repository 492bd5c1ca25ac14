/** Any function of `fs`. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

export type Methods = Record<string, Method | undefined>;

/** A function to replace: `target[name]`, which must be there, by what `wrap` makes of it. */
export interface Replacement {
  target: Methods;
  name: string;
  wrap: (original: Method) => Method;
}

/** A replaced function. The replacement calls the original as long as `isOn` is false. */
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
    // Its name, its length, and what `util.promisify` looks for.
    Object.defineProperties(this.replacement, Object.getOwnPropertyDescriptors(original));
    target[name] = this.replacement;
  }

  /** Puts the original back, unless somebody else has replaced the replacement since. */
  undo(): void {
    const { target, name } = this.place;
    if (target[name] === this.replacement) target[name] = this.original;
  }
}
