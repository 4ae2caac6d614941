// <a href="/plain/page" data-dialog-open="id"> opens <dialog id="id">; without scripts the link leads to the page that asks the same.
/** Open the dialog with this id; tell whether there is one. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

export function dialogs() {
  document.addEventListener('click', (event) => {
    const opener = event.target.closest?.('[data-dialog-open]');
    if (opener && openDialog(opener.dataset.dialogOpen)) event.preventDefault();
    if (event.target.closest?.('[data-dialog-close]')) { event.preventDefault(); event.target.closest('dialog').close(); }
    if (event.target.matches?.('dialog')) closeWhenOutside(event);
    if (event.target.closest?.('[data-print]')) { event.preventDefault(); print(); }
  });
}

function closeWhenOutside({ target, clientX, clientY }) {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) target.close();
}
