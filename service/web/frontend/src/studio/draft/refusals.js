// What one may do about a save that was refused: load what the draft holds, write over it, or edit in another person's place.
import { csrf, make, t } from '../../shell/common.js';

const button = (label, act) => {
  const made = make('button', { type: 'button', className: 'btn btn-small', textContent: label });
  made.addEventListener('click', act);
  return made;
};

/** The two ways on after a file was saved elsewhere since it was opened; `error` is the refusal. */
export const conflictActs = (saving, error) => [
  ' ', button(t('载入那一份', 'Load what was saved'), () => saving.reload()),
  ' ', button(t('用这里的覆盖', 'Write over it'), () => saving.overwrite(error.body.hash)),
];

/** The way on where another person edits the draft, nothing for other refusals. What was typed is kept on this machine meanwhile. */
export function takeOverActs(draft, error) {
  if (error.body?.code !== 'edited_by_another') return [];
  return [' ', t('没有保存的修改留在本机，接手以后可以恢复。', 'What was not saved is kept on this machine and can be restored afterwards.'), ' ', button(t('接手编辑', 'Take over'), () => {
    const form = make('form', { method: 'post', action: `/studio/drafts/${draft}` }, make('input', { type: 'hidden', name: 'csrf_token', value: csrf() }), make('input', { type: 'hidden', name: 'do', value: 'take_over' }));
    document.body.append(form);
    form.submit();
  })];
}
