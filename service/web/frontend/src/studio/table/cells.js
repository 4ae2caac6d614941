// What a cell says to people: a text without its quotation marks, clauses one by one, “anything”, or a formula as it stands.
import { t } from '../../shell/common.js';

const LITERAL = /^"((?:[^"\\]|\\.)*)"$/s;
const ESCAPES = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** The text that a cell holds as a constant, null where it is a formula. */
export function textOf(cell) {
  const found = LITERAL.exec(cell.trim());
  if (!found || /\\u/i.test(found[1])) return null;
  return found[1].replace(/\\(.)/gs, (whole, sign) => ESCAPES[sign] ?? whole);
}

/** The cell that holds `text` as a constant. */
export const quoted = (text) => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;

/** The clauses that a cell cites, null where it is a formula. */
export function clausesOf(cell) {
  if (['', '-', 'null'].includes(cell.trim())) return [];
  const text = textOf(cell);
  if (text !== null) return text.split(/\s+/).filter(Boolean);
  const list = /^\[\s*("[^"\\]*"\s*(,\s*"[^"\\]*"\s*)*)?\]$/.exec(cell.trim());
  return list ? [...cell.matchAll(/"([^"]*)"/g)].map((found) => found[1]) : null;
}

/** How a cell is shown: {text, kind}; kind is any, none, text or formula. */
export function shown(cell, { condition }) {
  const plain = cell.trim();
  if (condition && (plain === '' || plain === '-')) return { text: t('任意', 'any'), kind: 'any' };
  if (!condition && (plain === '' || plain === '-' || plain === 'null')) return { text: t('（空）', '(none)'), kind: 'any' };
  const text = textOf(plain);
  if (text !== null) return { text: text || t('（空文字）', '(empty text)'), kind: 'text' };
  if (plain === 'true' || plain === 'false') return { text: plain === 'true' ? t('是', 'yes') : t('否', 'no'), kind: 'text' };
  return { text: plain, kind: 'formula' };
}
