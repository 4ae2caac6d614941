// What only who assesses loads: the score sheet by keys, what is missing in it, and the edge between two panes.
import { edge } from './review/edge.js';
import { missing } from './review/missing.js';
import { pictures } from './review/pictures.js';
import { quote } from './review/quote.js';
import { steps } from './review/steps.js';

function enliven(root) {
  for (const part of [steps, missing, edge, pictures, quote]) part(root);
}

enliven(document);
document.addEventListener('htmx:load', (event) => { if (event.target !== document.body) enliven(event.target); });
