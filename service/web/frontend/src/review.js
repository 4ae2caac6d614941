// What only who assesses loads: the score sheet by keys, what is missing in it, the edge between two panes, and where the keys stand.
import { edge } from './review/edge.js';
import { focus } from './review/focus.js';
import { missing } from './review/missing.js';
import { pictures } from './review/pictures.js';
import { quote } from './review/quote.js';
import { steps } from './review/steps.js';

function enliven(root) {
  for (const part of [steps, missing, edge, pictures, quote, focus]) part(root);
}

enliven(document);
document.addEventListener('htmx:load', (event) => { if (event.target !== document.body) enliven(event.target); });
