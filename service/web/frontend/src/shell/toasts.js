// Short messages at the corner; they stay until read when they tell of a failure.
import { make, t } from './common.js';

function region() {
  return document.querySelector('.toasts') ?? document.body.appendChild(make('div', { className: 'toasts', role: 'status' }));
}

/** Show a message; `kind` is "ok", "late" or "info". */
export function toast(sentence, kind = 'info') {
  const close = make('button', { type: 'button', textContent: t('知道了', 'Close') });
  const box = make('div', { className: `toast is-${kind}` }, make('p', { textContent: sentence }), close);
  close.addEventListener('click', () => box.remove());
  region().append(box);
  if (kind !== 'late') setTimeout(() => box.remove(), 8000);
}

/** Let the messages that came with the page be closed too. */
export function toasts() {
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-toast-close]')) event.target.closest('.toast').remove();
  });
}
