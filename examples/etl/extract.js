const { createReadStream } = require('node:fs');

/** Reads a CSV file in blocks of whole records, without the header, so that each block can be parsed separately. */
exports.blocks = async function* blocks(file, size = 64 * 1024) {
  let rest;
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: size })) {
    const text = rest === undefined ? chunk.slice(chunk.indexOf('\n') + 1) : rest + chunk;
    const end = endOfRecords(text);
    if (end > 0) yield text.slice(0, end);
    rest = text.slice(end);
  }
};

/** The end of the last whole record; a line break within quotes belongs to its field. */
function endOfRecords(text) {
  let isQuoted = false;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') isQuoted = !isQuoted;
    else if (text[i] === '\n' && !isQuoted) end = i + 1;
  }
  return end;
}

/** Returns the fields of each record. */
exports.parse = function parse(text) {
  const records = [];
  const record = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      // A doubled quote within quotes is one quote.
      if (isQuoted && text[i + 1] === '"') field += text[++i];
      else isQuoted = !isQuoted;
    } else if (isQuoted || (character !== ',' && character !== '\n')) {
      field += character;
    } else {
      record.push(field);
      field = '';
      if (character === '\n') records.push(record.splice(0));
    }
  }
  return records;
};
