// Two people, or two windows, changed one diagram: both are kept, and the person says which goes on.
import { make, send, t } from '../../shell/common.js';
import { button } from './fields.js';

/** Ask which version goes on; resolves to {mine: true|false, theirs: {content, hash}}. */
export async function askWhich(error, fileUrl) {
  const theirs = await send(fileUrl);
  return new Promise((resolve) => {
    const dialog = make('dialog', { className: 'studio-dialog' });
    dialog.setAttribute('aria-labelledby', 'conflict-title');
    const close = (mine) => () => { dialog.close(); dialog.remove(); resolve({ mine, theirs }); };
    dialog.append(
      make('h2', { id: 'conflict-title', textContent: t('这张图同时被改成了两个样子', 'This diagram was changed in two ways at once') }),
      make('p', { textContent: error.message }),
      make('p', { textContent: t('两个版本都已保留：不选的那一个在“历史”里，随时可以找回。', 'Both versions are kept: the one you do not choose stands in the history.') }),
      make('div', { className: 'dialog-acts' },
        button(t('采用对方的版本', 'Take the other version'), close(false)),
        button(t('保留我的版本', 'Keep mine'), close(true), 'btn-main')),
    );
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
}
