// Dates are typed and sent as 2026-06-05 whatever the language of the browser; the calendar of the browser only helps choosing.
import { fresh, make, t } from './common.js';

const WEEKDAYS = '日一二三四五六';

/** Read what people type for a date (2026-6-5, 2026/06/05, 20260605, 2026年6月5日) as ISO, or null. */
export function readDate(typed) {
  const found = /^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/.exec(typed) ?? /^\s*(\d{4})(\d{2})(\d{2})\s*$/.exec(typed);
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

/** An ISO date in words. */
export function dateWords(iso) {
  const date = new Date(`${iso}T00:00:00Z`);
  const zh = `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日（周${WEEKDAYS[date.getUTCDay()]}）`;
  return t(zh, new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }).format(date));
}

function enhance(input) {
  const box = make('span', { className: 'date-field' });
  const words = make('span', { className: 'date-words', role: 'status' });
  const native = make('input', { type: 'date', className: 'date-native', tabIndex: -1 });
  const pick = make('button', { type: 'button', className: 'btn btn-small', textContent: t('选日期', 'Choose') });
  native.setAttribute('aria-hidden', 'true');
  for (const end of ['min', 'max']) if (input.dataset[end]) native[end] = input.dataset[end];
  const focused = document.activeElement === input;
  input.replaceWith(box);
  box.append(input, pick, words, native);
  if (focused) input.focus();

  const show = () => {
    const iso = readDate(input.value);
    if (iso) input.value = iso;
    words.textContent = iso ? dateWords(iso) : input.value ? t('请按 2026-06-05 的样式填写', 'Write it like 2026-06-05') : '';
  };
  input.addEventListener('change', show);
  pick.addEventListener('click', () => { native.value = readDate(input.value) ?? ''; native.showPicker?.(); });
  native.addEventListener('change', (event) => {
    event.stopPropagation();
    input.value = native.value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  show();
}

export function dates(root) {
  for (const input of fresh(root, 'input.date', 'Date')) if (!input.readOnly && !input.disabled) enhance(input);
}
