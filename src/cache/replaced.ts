/** Any function of `fs`. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

export type Methods = Record<string, Method | undefined>;

/** What `wrap` makes of the original, or the original itself as long as `isOn` is false. */
export class Replaced {
  private readonly original: Method;
  private readonly replacement: Method;

  /** Replaces `target[name]`, which must be there. */
  constructor(
    private readonly target: Methods,
    private readonly name: string,
    isOn: () => boolean,
    wrap: (original: Method) => Method,
  ) {
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
    if (this.target[this.name] === this.replacement) this.target[this.name] = this.original;
  }
}
