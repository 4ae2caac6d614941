// What is typed, counted: characters of a text against the most there may be, an amount in 万元 beside the same in 元.
import { fresh, t } from './common.js';

function beside(input, where) {
  const line = document.createElement('span');
  line.className = 'counted';
  line.setAttribute('aria-live', 'polite');
  where.after(line);
  return line;
}

/** Call `say` now and whenever something is typed; what it returns stands in a line after `where`. */
function counted(input, where, say) {
  const line = beside(input, where);
  const tell = () => {
    const [words, over] = say(input.value);
    line.textContent = words;
    line.classList.toggle('is-over', over);
  };
  input.addEventListener('input', tell);
  tell();
}

/** Signs as the server counts them: one for each code point, line ends as one. */
const length = (text) => [...text.replaceAll('\r\n', '\n')].length;

/** How many yuan one of a unit is. */
const YUAN = new Map([['元', 1], ['yuan', 1], ['万元', 10_000]]);

/** A number as the server reads it: commas and blanks go only where they group thousands. */
function read(value) {
  const plain = value.normalize('NFKC').trim();
  const grouped = /^[+-]?[1-9]\d{0,2}([, ])\d{3}(\1\d{3})*(\.\d*)?$/.test(plain);
  return Number(grouped ? plain.replaceAll(/[, ]/g, '') : plain);
}

/** The same amount in the other unit; nothing for an amount in 元 that is below one 万. */
function amount(value, unit) {
  const number = read(value);
  if (!value.trim() || !Number.isFinite(number)) return '';
  const yuan = Math.round(number * YUAN.get(unit) * 100) / 100;
  if (unit !== '万元' && Math.abs(yuan) < 10_000) return '';
  const exact = yuan.toLocaleString('zh-CN', { maximumFractionDigits: 2 });
  const wan = (yuan / 10_000).toLocaleString('zh-CN', { maximumFractionDigits: 6 });
  return t(unit === '万元' ? `= ${exact} 元` : `= ${wan} 万元`, `= CNY ${exact}`);
}

export function count(root) {
  for (const input of fresh(root, '[data-most]', 'Count')) {
    const most = Number(input.dataset.most);
    counted(input, input, (text) => [`${length(text)} / ${most}`, length(text) > most]);
  }
  for (const input of fresh(root, '[data-money], .with-unit > input', 'Amount')) {
    const row = input.closest('.with-unit');
    const unit = input.dataset.money ?? row?.querySelector('.unit:last-child')?.textContent.trim();
    if (YUAN.has(unit)) counted(input, row ?? input, (text) => [amount(text, unit), false]);
  }
}
