// Coming back to a list finds the row that was opened, where it was.
import { fresh } from './common.js';
import { tab } from './remembered.js';

// What was searched for is not kept on this machine: it tells two lists apart by a number made of it.
const key = () => `laurel.place.${location.pathname}.${[...location.search].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 65_521, 7)}`;

function remember(list) {
  list.addEventListener('click', (event) => {
    const row = event.target.closest('.row-link')?.closest('[data-row]');
    if (row) tab.set(key(), JSON.stringify({ row: row.dataset.row, top: scrollY }));
  });
}

function restore(list) {
  const kept = JSON.parse(tab.get(key()) ?? 'null');
  if (!kept) return;
  tab.forget(key());
  const row = list.querySelector(`[data-row="${CSS.escape(kept.row)}"]`);
  row?.querySelector('.row-link')?.focus({ preventScroll: true });
  scrollTo(0, kept.top);
}

export function place(root) {
  for (const list of fresh(root, '[data-keyboard-list]', 'Place')) { remember(list); restore(list); }
}
