// A field into which a value of several is typed: Enter goes on to the next, the arrows step through the values.
import { fresh } from '../shell/common.js';

const STEPPED = '[data-steps]';

function step(field, up) {
  const values = field.dataset.steps.split(' ');
  const at = values.indexOf(field.value.trim());
  const near = at < 0 && field.value.trim() ? values.findIndex((one) => Number(one) >= Number(field.value)) : at;
  const next = at < 0 ? (near < 0 ? (up ? 0 : values.length - 1) : up ? near : near - 1) : at + (up ? 1 : -1);
  field.value = values[Math.min(values.length - 1, Math.max(0, next))];
  field.dispatchEvent(new Event('input', { bubbles: true }));
  clearTimeout(field.stepped);
  // The sums follow when the hand rests, not at each step.
  field.stepped = setTimeout(() => field.dispatchEvent(new Event('change', { bubbles: true })), 400);
}

function onward(field, back) {
  const all = [...field.form.querySelectorAll(STEPPED)];
  const next = all[all.indexOf(field) + (back ? -1 : 1)];
  const target = next ?? (back ? field : all.find((one) => !one.value.trim()) ?? field.form.querySelector('.action-bar .btn-main') ?? field);
  target.focus();
  target.select?.();
}

function press(event) {
  const field = event.target;
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Enter') { event.preventDefault(); onward(field, event.shiftKey); }
  if (event.key === 'ArrowUp' || event.key === 'ArrowDown') { event.preventDefault(); step(field, event.key === 'ArrowUp'); }
}

export function steps(root) {
  for (const field of fresh(root, STEPPED, 'Steps')) {
    field.addEventListener('keydown', press);
    field.addEventListener('focus', () => field.select());
  }
}
