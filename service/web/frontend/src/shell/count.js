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

function amount(value, unit) {
  const number = Number(value.replaceAll(/[,，\s]/g, ''));
  if (!value.trim() || !Number.isFinite(number)) return '';
  if (unit === '万元') return `= ${(Math.round(number * 1e6) / 100).toLocaleString('zh-CN', { maximumFractionDigits: 2 })} ${t('元', 'yuan')}`;
  return Math.abs(number) < 10000 ? '' : `= ${(number / 10000).toLocaleString('zh-CN', { maximumFractionDigits: 6 })} ${t('万元', 'ten thousand yuan')}`;
}

export function count(root) {
  for (const input of fresh(root, '[data-most]', 'Count')) {
    const most = Number(input.dataset.most);
    counted(input, input, (text) => [`${length(text)} / ${most}`, length(text) > most]);
  }
  for (const input of fresh(root, '.with-unit > input', 'Amount')) {
    const unit = input.parentElement.querySelector('.unit:last-child')?.textContent.trim();
    if (unit === '万元' || unit === '元') counted(input, input.parentElement, (text) => [amount(text, unit), false]);
  }
}
