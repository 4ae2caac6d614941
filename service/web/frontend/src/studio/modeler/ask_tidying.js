// Before the diagram is laid out anew: what that would do to what stands there, and whether it is wanted.
import { make, t } from '../../shell/common.js';
import { button } from './fields.js';

/** Say what taking a fresh drawing over would change (`changesOf`); resolves to whether to go on. */
export function askTidying({ all, moved, bent, lanes }) {
  const lines = [
    moved && t(`移动 ${moved} 个图形（共 ${all} 个）`, `move ${moved} of ${all} elements`),
    bent && t(`重新走 ${bent} 条连线`, `draw ${bent} flows otherwise`),
    lanes.length && t(`增加泳道${lanes.map((name) => `“${name}”`).join('、')}`, `add ${lanes.map((name) => `lane “${name}”`).join(', ')}`),
  ].filter(Boolean);
  return new Promise((resolve) => {
    const dialog = make('dialog', { className: 'studio-dialog' });
    dialog.setAttribute('aria-labelledby', 'tidying-title');
    const done = (go) => { dialog.close(); dialog.remove(); resolve(go); };
    const go = button(t('整理', 'Tidy up'), () => done(true), 'btn-main');
    dialog.append(
      make('h2', { id: 'tidying-title', textContent: t('整理版面会有这些变动', 'Tidying up would') }),
      make('ul', {}, ...lines.map((textContent) => make('li', { textContent }))),
      make('p', { textContent: t('只动图上的位置和泳道，办理内容、条件和条款不变。整理后可以按“撤销”退回。', 'Only places and lanes change; what the process does stays the same. “Undo” takes it back.') }),
      make('div', { className: 'dialog-acts' }, button(t('不整理', 'Leave it'), () => done(false)), go),
    );
    dialog.addEventListener('cancel', (event) => { event.preventDefault(); done(false); });
    document.body.append(dialog);
    dialog.showModal();
    go.focus();
  });
}
