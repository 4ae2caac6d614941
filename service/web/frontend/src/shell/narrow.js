// A field above a long drop-down: what is typed there leaves only the choices that hold it.
import { fresh, t } from './common.js';

export function narrow(root) {
  for (const select of fresh(root, 'select[data-narrow]', 'Narrow')) {
    const field = Object.assign(document.createElement('input'), { type: 'search', placeholder: t('输入单位或者角色，缩小下面的列表', 'Type a body or a role to shorten the list below') });
    field.setAttribute('aria-label', field.placeholder);
    field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
    field.addEventListener('input', () => shorten(select, field.value.toLowerCase().split(/\s+/)));
    select.before(field);
  }
}

function shorten(select, words) {
  const fitting = [];
  for (const option of select.options) {
    const text = `${option.closest('optgroup')?.label ?? ''} ${option.text}`.toLowerCase();
    option.hidden = option.disabled = Boolean(option.value) && !words.every((word) => text.includes(word));
    if (option.value && !option.hidden) fitting.push(option);
  }
  for (const group of select.querySelectorAll('optgroup')) group.hidden = [...group.children].every((option) => option.hidden);
  if (fitting.length === 1) fitting[0].selected = true;
  else if (select.selectedOptions[0]?.hidden) select.value = '';
}
