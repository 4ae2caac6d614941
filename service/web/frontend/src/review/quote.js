// What is marked in the text of a page goes into the note that is opened there, as the passage it is about.
export function quote(root) {
  if (root !== document) return;
  document.addEventListener('toggle', (event) => {
    const sheet = event.target.matches?.('.page-note[open]') && event.target.closest('.page-sheet');
    const field = sheet && sheet.querySelector('[data-quote]');
    const marked = getSelection();
    if (!field || field.value || !marked.rangeCount || !sheet.contains(marked.anchorNode)) return;
    field.value = marked.toString().replace(/\s+/g, ' ').trim().slice(0, field.maxLength);
  }, true);
}
