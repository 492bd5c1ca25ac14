/** A slip of the pen would otherwise be passed over in silence. @throws TypeError for an option that does not exist */
export function checkKnown(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw new TypeError(`There is no option '${name}'. The options are: ${known.join(', ')}.`);
}
