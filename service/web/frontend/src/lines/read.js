// Lines of a text as cells, and back: “name: value”, “short name｜name”, “{tier: gold, places: 3}”, or one item a line.
// A cell is {text, quoted}: quoted where it stood in quotation marks, undefined where nobody wrote it yet.
const STRUCTURE = /^[[{]/;
const SPECIAL = /[:#,{}[\]"'&*!|>%@`]|^\s|\s$|^$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** The rows of `text`, or null where a line says more than the columns hold: then it stays a text. */
export function readLines(text, { format, columns }) {
  const rows = text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => READ[format](line, columns));
  return rows.every(Boolean) ? rows : null;
}

/** The text of `rows`; rows in which nothing stands are left out. `kindOf(row, number)` is the kind of a cell. */
export function writeLines(rows, { format, columns }, kindOf) {
  return rows.filter((row) => row.some(({ text }) => text.trim())).map((row) => WRITE[format](row, columns, (number) => kindOf(row, number))).join('\n');
}

const cell = (written) => {
  const text = written.trim();
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"')) {
    try { return { text: JSON.parse(text), quoted: true }; } catch { return null; }
  }
  if (text.length > 1 && text.startsWith("'") && text.endsWith("'")) return { text: text.slice(1, -1).replaceAll("''", "'"), quoted: true };
  return { text, quoted: false };
};
const plain = (text) => ({ text: text.trim(), quoted: false });

const READ = {
  items: (line) => [plain(line)],
  bars(line, columns) {
    const parts = line.split(/[｜|]/);
    const keyed = columns.some(({ key }) => key);
    const held = keyed ? columns.findIndex(({ key }) => key) : columns.length;
    const rest = keyed ? entries(parts.slice(held).join('｜').trim() || '{}', columns) : new Map();
    if (!rest || (!keyed && parts.length > held)) return null;
    return columns.map(({ key }, number) => (key ? rest.get(key) ?? { text: '' } : plain(parts[number] ?? '')));
  },
  pairs(line) {
    const found = /^([^:：]+)[:：](.*)$/s.exec(line);
    const cells = found && [plain(found[1]), cell(found[2])];
    return cells?.every(Boolean) ? cells : null;
  },
  rows(line, columns) {
    const found = entries(line, columns);
    return found && columns.map(({ key }) => found.get(key) ?? { text: '' });
  },
};

/** The values in braces by their keys, null where these are not written so, or are of other columns. */
function entries(text, columns) {
  const parts = /^\{.*\}$/s.test(text) ? split(text.slice(1, -1)) : null;
  if (!parts) return null;
  const held = new Map();
  for (const part of parts) {
    const found = /^\s*([\w-]+)\s*:\s(.*)$/s.exec(part);
    const value = found && cell(found[2]);
    if (!value || held.has(found[1]) || !columns.some(({ key }) => key === found[1])) return null;
    held.set(found[1], value);
  }
  return held;
}

const WRITE = {
  items: ([{ text }]) => text.trim(),
  bars(row, columns, kindOf) {
    const rest = braced(row, columns, kindOf);
    return [...row.filter((_, number) => !columns[number].key).map(({ text }) => text.trim()), rest === '{}' ? '' : rest].join('｜').replace(/｜+$/, '');
  },
  pairs: ([name, value], columns, kindOf) => `${name.text.trim()}: ${paired(value, kindOf(1))}`,
  rows: (row, columns, kindOf) => braced(row, columns, kindOf),
};

/** What is said of the columns that have a key, in braces. */
function braced(row, columns, kindOf) {
  const told = columns.map(({ key }, number) => [key, row[number], kindOf(number)]).filter(([key, { text }]) => key && text.trim());
  return `{${told.map(([key, value, kind]) => `${key}: ${said(value, kind)}`).join(', ')}}`;
}

/** A value behind a name: in quotation marks where they stood, or where the signs in it would be read as something else. */
function paired({ text, quoted }, kind) {
  if (quoted) return JSON.stringify(text);
  return kind === 'text' && text.trim() && !STRUCTURE.test(text) && SPECIAL.test(text) ? JSON.stringify(text) : text.trim();
}

/** A value in a row: words in quotation marks, numbers and days as they are. */
function said({ text, quoted, was }, kind) {
  const words = quoted ?? (['text', 'choice'].includes(kind) && !STRUCTURE.test(text) && !(was === false && NUMBER.test(text.trim())));
  return words ? JSON.stringify(text) : text.trim();
}

/** The parts between commas that stand in no bracket and no quotation marks; null where these do not close. */
function split(text) {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const sign of text) {
    if (quote) quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if ('[{'.includes(sign)) depth += 1;
    else if (']}'.includes(sign)) depth -= 1;
    else if (sign === ',' && !depth) { parts.push(''); continue; }
    parts[parts.length - 1] += sign;
  }
  return quote || depth ? null : parts.filter((part) => part.trim());
}
