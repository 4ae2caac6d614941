// Picking several rows: the bar below says how many and offers what can be done with all of them.
import { fresh, make } from './common.js';

// Say before the click how many of the picked rows go together, by how many forms, and how many only by themselves.
function tell(place, picked) {
  if (!place) return;
  const together = picked.filter((box) => box.dataset.together);
  const forms = new Set(together.map((box) => box.dataset.together)).size;
  const say = (words, n) => words.replace('{n}', n).replace('{k}', forms);
  const parts = [];
  if (together.length) parts.push(say(forms > 1 ? place.dataset.several : place.dataset.one, together.length));
  if (picked.length > together.length) parts.push(say(place.dataset.single, picked.length - together.length));
  place.textContent = parts.join(document.documentElement.lang.startsWith('zh') ? '，' : ', ');
}

// A button that is not for every picked row says for how many it is, and rests where it is for none.
function offer(button, picked) {
  const does = button.dataset.does;
  const able = does ? picked.filter((box) => (box.dataset.can ?? '').split(' ').includes(does)).length : picked.length;
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
    tell(bar?.querySelector('[data-bulk-told]'), picked);
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
