// One's own notes at pages stand at the item of the sheet that they are about; a new one is about the item in hand.
import { make, t } from '../shell/common.js';
import { nameOf } from './missing.js';

let inHand = '';

const scored = () => [...document.querySelectorAll('#task-form [data-steps]')];

// A note at the file in sight turns to its page, one at another file opens that file.
function standing(note) {
  const copy = note.cloneNode(true);
  for (const part of copy.querySelectorAll('button, .tag')) part.remove();
  const link = copy.querySelector('a');
  if (note.dataset.upload) {
    link.href = `${location.pathname}?beside=f${note.dataset.upload}`;
    link.dataset.saveFirst = '';
  }
  return copy;
}

function place(notes, fields) {
  for (const old of document.querySelectorAll('.item-notes')) old.remove();
  for (const field of fields) {
    const about = [...notes.querySelectorAll('li[data-item]')].filter((note) => note.dataset.item === nameOf(field));
    if (about.length) field.closest('fieldset').append(make('ul', { className: 'page-notes item-notes' }, ...about.map(standing)));
  }
}

function offer(notes, fields) {
  const before = notes.querySelector('label[for=note-quote]');
  if (!before || notes.querySelector('#note-item')) return;
  const none = make('option', { value: '', textContent: t('不针对某一项', 'no item') });
  const options = fields.map((field) => make('option', { value: nameOf(field), textContent: field.closest('fieldset').querySelector('legend').textContent.trim() }));
  const chosen = make('select', { id: 'note-item', name: 'note_item' }, none, ...options);
  chosen.setAttribute('form', 'page-notes');
  chosen.value = inHand;
  const label = make('label', { className: 'label', textContent: t('评分条款', 'Item') });
  label.htmlFor = chosen.id;
  before.before(label, chosen);
}

function draw() {
  const notes = document.getElementById('file-notes');
  const fields = notes ? scored() : [];
  if (!fields.length) return;
  place(notes, fields);
  offer(notes, fields);
}

function hold(event) {
  const field = event.target.closest?.('fieldset')?.querySelector(':scope > .fields > .field [data-steps]');
  if (!field) return;
  inHand = nameOf(field);
  const chosen = document.getElementById('note-item');
  if (chosen) chosen.value = inHand;
}

// A note that was typed and not kept by its button is kept when its paper is left: for another at the side, or with the page.
function pending() {
  const words = document.getElementById('note-words');
  const button = words?.closest('.page-note').querySelector('button');
  return words?.value.trim() ? { words, button, url: button.formAction, body: new FormData(words.form) } : null;
}

function keepLeaving() {
  const note = pending();
  if (note && navigator.sendBeacon(note.url, note.body)) note.words.value = '';
}

async function keepFirst(event) {
  const note = event.detail.target?.id === 'beside' ? pending() : null;
  if (!note) return;
  event.preventDefault();
  const answer = await fetch(note.url, { method: 'POST', body: note.body, headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (answer?.ok) event.detail.issueRequest(true);
  else note.button.click(); // what is wrong with it is told at it
}

export function itemNotes(root) {
  if (root !== document) { draw(); return; }
  document.addEventListener('htmx:confirm', keepFirst);
  addEventListener('pagehide', keepLeaving);
  document.addEventListener('focusin', hold);
  draw();
}
