// What only who assesses loads: the score sheet by keys, what is missing in it, notes at its items, the edge between two panes, and where the keys stand.
import { edge } from './review/edge.js';
import { focus } from './review/focus.js';
import { itemNotes } from './review/item_notes.js';
import { missing } from './review/missing.js';
import { steps } from './review/steps.js';

function enliven(root) {
  for (const part of [steps, missing, edge, focus, itemNotes]) part(root);
  if (root.querySelector('.reader') ?? root.matches?.('.reader')) import('./reader.js').then(({ read }) => read(root)); // pdf.js, where a file is shown
}

enliven(document);
document.addEventListener('htmx:load', (event) => { if (event.target !== document.body) enliven(event.target); });
