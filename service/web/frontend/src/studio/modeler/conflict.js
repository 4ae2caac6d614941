// Two people, or two windows, changed one element: both changes are kept, and each difference is taken from either side.
import { csrf, make, t } from '../../shell/common.js';
import { button } from './fields.js';

const say = (both) => (both ? t(both.zh, both.en) : '');

/** Ask about every conflict of a refused save, of the diagram unless `heading` says what else, and have it saved as chosen; resolves once that is done. */
export function askWhich({ message, body }, choicesUrl, heading = t('这张图同时被改成了两个样子', 'This diagram was changed in two ways at once')) {
  return new Promise((resolve) => {
    const conflicts = body.conflicts ?? [];
    const dialog = make('dialog', { className: 'studio-dialog' });
    const wrong = make('p', { className: 'panel-help' });
    wrong.setAttribute('role', 'alert');
    const settle = async (fields) => {
      const answer = await fetch(`${choicesUrl}/${body.held}`, { method: 'POST', credentials: 'same-origin', body: new URLSearchParams({ csrf_token: csrf(), ...fields }) }).catch(() => null);
      if (!answer?.ok) { wrong.textContent = t('没有保存成功，请稍后再点一次；两份都还在。', 'It was not saved: try again in a moment; both are still there.'); return; }
      dialog.close();
      dialog.remove();
      resolve();
    };
    const chosen = () => Object.fromEntries(conflicts.map(({ id }) => [`${body.held}:${id}`, dialog.querySelector(`input[name="${CSS.escape(id)}"]:checked`).value]));
    dialog.setAttribute('aria-labelledby', 'conflict-title');
    dialog.append(
      make('h2', { id: 'conflict-title', textContent: heading }),
      make('p', { textContent: message }),
      ...conflicts.map((conflict) => difference(conflict, body.author)),
      wrong,
      make('div', { className: 'dialog-acts' },
        button(t('全部采用对方的', 'Take the other version'), () => settle({ act: 'give_up' })),
        button(t('按选择合并保存', 'Merge and save as chosen'), () => settle(chosen()), 'btn-main')),
    );
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
}

function difference({ id, subject, removed, fields }, author) {
  const rows = (removed ? [] : fields).map((field) => {
    const [ours, theirs] = whereTheyDiffer(field.ours ?? '—', field.theirs ?? '—');
    return make('p', { className: 'conflict-field' }, make('strong', { textContent: `${say(field.label)}：` }), t(`我的“${ours}”，对方的“${theirs}”`, `mine “${ours}”, theirs “${theirs}”`));
  });
  const side = (value, label) => {
    const radio = make('input', { type: 'radio', name: id, value, checked: value === 'ours' });
    return make('label', {}, radio, ` ${label}${removed === value ? t('（删除）', ' (removed)') : ''}`);
  };
  return make('fieldset', { className: 'panel-routes' }, make('legend', { textContent: say(subject) }), ...rows, make('p', { className: 'problem-acts' }, side('ours', t('采用我的', 'Take mine')), side('theirs', t(`采用${author || '对方'}的`, `Take what ${author || 'the other'} saved`))));
}

const LONGEST = 60;
const AROUND = 12;

/** Two texts as they are; of long ones what stands about the place where they part: a list of forty facts differs in one. */
function whereTheyDiffer(one, other) {
  const shorter = Math.min(one.length, other.length);
  if (Math.max(one.length, other.length) <= LONGEST) return [one, other];
  let begin = 0;
  while (begin < shorter && one[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < shorter - begin && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const from = Math.max(0, begin - AROUND);
  return [one, other].map((text) => `${from ? '…' : ''}${text.slice(from, text.length - Math.max(0, end - AROUND))}${end > AROUND ? '…' : ''}`);
}
