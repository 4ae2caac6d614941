// Where the keys stand after a paper was opened at the side, and after a note was opened, kept, refused or removed.
const reach = (spot) => {
  if (!spot) return;
  if (spot.tabIndex < 0) spot.tabIndex = -1;
  spot.focus();
};

function settle(event) {
  const swapped = event.target;
  if (swapped.id === 'beside') reach(swapped.querySelector('h2'));
  if (swapped.id !== 'file-notes') return;
  const refused = swapped.querySelector('[role=alert]') && swapped.querySelector('.page-note textarea');
  reach(refused || swapped.querySelector('.page-note > summary'));
}

// A note is about the page in sight; what is marked there goes into it as the passage.
function opened(event) {
  if (!event.target.matches?.('.page-note[open]')) return;
  const [page, quote, words] = ['page', 'quote', 'words'].map((name) => event.target.querySelector(`[name=note_${name}]`));
  const reader = document.querySelector('.reader');
  const marked = getSelection();
  if (reader?.dataset.at && !words.value) page.value = reader.dataset.at;
  if (!quote.value && marked.rangeCount && reader?.contains(marked.anchorNode)) quote.value = marked.toString().replace(/\s+/g, ' ').trim().slice(0, quote.maxLength);
  reach(words);
}

export function focus(root) {
  if (root !== document) return;
  document.addEventListener('htmx:afterSwap', settle);
  document.addEventListener('toggle', opened, true);
}
