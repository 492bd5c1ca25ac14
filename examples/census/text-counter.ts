const TAB = 9;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

/**
 * Counts lines and words on bytes, as `wc` does, so that the counts are defined for every file.
 *
 * The number of lines is the number of newline characters. A word is a run of bytes other than the six ASCII white space
 * characters. The longest line is measured in bytes, without its newline; a last line without a newline is included.
 */
export class TextCounter {
  lines = 0;
  words = 0;
  private longest = 0;
  private currentLine = 0;
  private inWord = false;

  get longestLine(): number {
    return Math.max(this.longest, this.currentLine);
  }

  add(chunk: Uint8Array): void {
    // Local variables are faster, and a census spends most of its time in this loop.
    let { words, inWord } = this;
    let lineStart = -this.currentLine;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN)) {
        inWord = false;
        if (byte === NEWLINE) {
          this.lines++;
          if (i - lineStart > this.longest) this.longest = i - lineStart;
          lineStart = i + 1;
        }
      } else if (!inWord) {
        inWord = true;
        words++;
      }
    }
    this.words = words;
    this.inWord = inWord;
    this.currentLine = chunk.length - lineStart;
  }
}
