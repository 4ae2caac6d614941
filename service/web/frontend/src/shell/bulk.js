// Picking several rows: the bar below says how many and offers what can be done with all of them.
import { fresh, make } from './common.js';

const NAMED = 2; // of the rows that cannot go along as many are named

const zh = () => document.documentElement.lang.startsWith('zh');

const can = (box, does) => (box.dataset.can ?? '').split(' ').includes(does);

// Which rows an act leaves out: the first by name, the rest by number.
function which(left) {
  const names = [...new Set(left.map((box) => box.closest('[data-row]').querySelector('.row-link, a')?.textContent.trim()).filter(Boolean))];
  const shown = names.slice(0, NAMED).map((name) => `“${name}”`).join(zh() ? '、' : ', ');
  return names.length > NAMED ? (zh() ? `${shown}等` : `${shown} and others`) : shown;
}

// Say before the click how many of the picked rows go together, by how many forms, and which only by themselves.
function tell(place, picked, bar) {
  if (!place) return;
  const together = picked.filter((box) => box.dataset.together);
  const forms = new Set(together.map((box) => box.dataset.together)).size;
  const say = (words, n) => words.replace('{n}', n).replace('{k}', forms);
  const parts = [];
  if (together.length) parts.push(say(forms > 1 ? place.dataset.several : place.dataset.one, together.length));
  const leave = (words, left) => { if (left.length) parts.push(say(words, left.length).replace('{which}', which(left))); };
  if (place.dataset.single) leave(place.dataset.single, picked.filter((box) => !box.dataset.together));
  // Of an act that is for none of them: why it rests.
  for (const button of bar.querySelectorAll('button[data-not]')) if (!picked.some((box) => can(box, button.dataset.does))) leave(button.dataset.not, picked);
  place.textContent = picked.length ? parts.join(zh() ? '；' : '; ') : place.dataset.none ?? '';
}

// A button that is not for every picked row says for how many it is, and rests where it is for none.
function offer(button, picked) {
  const does = button.dataset.does;
  const able = does ? picked.filter((box) => can(box, does)).length : picked.length;
  button.disabled = !able;
  const some = button.querySelector('.bulk-some') ?? button.appendChild(make('span', { className: 'bulk-some' }));
  some.textContent = able && able < picked.length ? ` ${able}/${picked.length}` : '';
}

function attach(form) {
  const all = form.querySelector('[data-bulk-all]');
  const bar = form.querySelector('.bulk-bar');
  const boxes = () => [...form.querySelectorAll('[data-row] .pick input')];
  const show = () => {
    const picked = boxes().filter((box) => box.checked);
    for (const box of boxes()) box.closest('[data-row]').classList.toggle('is-picked', box.checked);
    tell(bar?.querySelector('[data-bulk-told]'), picked, bar);
    if (all) { all.checked = picked.length > 0 && picked.length === boxes().length; all.indeterminate = picked.length > 0 && !all.checked; }
    if (!bar) return;
    bar.classList.toggle('is-active', picked.length > 0);
    for (const count of bar.querySelectorAll('[data-bulk-count]')) count.textContent = picked.length;
    for (const button of bar.querySelectorAll('button[type="submit"]')) offer(button, picked);
  };
  all?.addEventListener('change', () => { for (const box of boxes()) box.checked = all.checked; show(); });
  form.addEventListener('change', show);
  window.addEventListener('pageshow', show); // a browser that goes back fills in what was picked after this has run
  show();
}

export function bulk(root) {
  for (const form of fresh(root, 'form[data-bulk]', 'Bulk')) attach(form);
}
