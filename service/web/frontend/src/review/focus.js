// Where the keys stand after a paper was opened at the side, and after a note was opened, kept, refused or removed.
const reach = (spot) => {
  if (!spot) return;
  if (spot.tabIndex < 0) spot.tabIndex = -1;
  spot.focus();
};

function settle(event) {
  const swapped = event.target;
  if (swapped.id === 'beside') reach(swapped.querySelector('h2'));
  if (!swapped.matches?.('.page-sheet')) return;
  const removed = event.detail.requestConfig?.elt?.name === 'remove';
  const refused = swapped.querySelector('[role=alert]') && swapped.querySelector('.page-note textarea');
  reach(refused || (!removed && swapped.querySelector('.page-notes > li:last-child')) || swapped.querySelector('.page-note > summary'));
}

function opened(event) {
  if (event.target.matches?.('.page-note[open]')) reach(event.target.querySelector('textarea'));
}

export function focus(root) {
  if (root !== document) return;
  document.addEventListener('htmx:afterSwap', settle);
  document.addEventListener('toggle', opened, true);
}
