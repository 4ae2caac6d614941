// What is kept on this machine while it cannot be saved: one copy for each person and file.
import { clock, make, t } from '../../shell/common.js';
import { isLeaving, KEPT } from '../../shell/sign_out.js';

const NOBODYS = 'laurel-draft-'; // as it was kept before copies had an owner
const person = () => document.querySelector('[data-person]')?.dataset.person ?? '';

/** Under which name an editor keeps its file on this machine; copies of other people are removed. */
export function keptName(draft, path) {
  const mine = `${KEPT}${person()}-`;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(NOBODYS) || (key.startsWith(KEPT) && !key.startsWith(mine))) localStorage.removeItem(key);
    }
  } catch { /* storage is blocked: nothing is kept */ }
  return `${mine}${draft}-${path}`;
}

/** What is kept under a name: {content, base, unanswered, at, refused, tab} or null. */
export function held(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

/** Keep `value` under a name; whether that was possible. */
export function hold(name, value) {
  if (isLeaving()) return false;
  try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; }
}

/** Whether this machine keeps anything under a name. */
export function hasRoom(name) {
  const probe = `${name}~room`;
  const kept = hold(probe, '');
  drop(probe);
  return kept;
}

/** What an earlier visit could not save and a person has not decided on, or null. */
export const leftOver = (name) => held(name) ?? held(olderName(name));

/** The same on a page on which nothing can be changed; null where that is only because another person edits the draft now. */
export const leftBehind = (name) => (document.querySelector('[data-locked]') ? null : leftOver(name));

/** Keep nothing of an earlier visit any more. */
export const dropLeftOver = (name) => [name, olderName(name)].forEach(drop);

const olderName = (name) => `${name}~older`;

/** Keep nothing under a name any more. */
export function drop(name) {
  try { localStorage.removeItem(name); } catch { /* storage is blocked: nothing is kept */ }
}

/**
 * Take up what an earlier visit could not save. `take(content)` puts it into the editor, `same(content)` says whether the
 * draft holds it already, `hash` is the file as the draft holds it, `box` where a sentence may stand. What was written on
 * from the file as it is now is saved at once (true is returned); what is older, or was refused, is offered.
 */
export async function takeUp(saving, { box, hash, take, same }) {
  const older = olderName(saving.kept);
  const left = leftOver(saving.kept);
  const give = async () => {
    try {
      await take(left.content);
    } catch {
      dropLeftOver(saving.kept);
      box.prepend(make('p', { className: 'note note-late', role: 'alert', textContent: t('上次留在本机的改动已经损坏，不能恢复，已删除', 'What was kept on this machine last time is damaged and cannot be restored; it was removed') }));
      return false;
    }
    drop(older);
    hold(saving.kept, { ...left, tab: saving.tab });
    saving.restore(left);
    return true;
  };
  if (!left) return false;
  if (await known(same, left.content)) {
    dropLeftOver(saving.kept);
    return false;
  }
  if (left.base === hash && !left.refused) return give();
  if (hold(older, left)) drop(saving.kept); // what is typed from now on is kept beside it
  offer(box, left, { give: async () => { await saving.flush({ now: true }); await give(); }, leave: () => drop(older) });
  return false;
}

async function known(same, content) {
  try { return await same(content); } catch { return false; }
}

function offer(box, { at, refused }, { give, leave }) {
  const when = at ? `${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(at))} ${clock(new Date(at))}` : '';
  const why = refused ? t('当时没有被接受', 'it was not accepted then') : t('此后这个文件又有别的保存', 'the file was saved again since');
  const note = make('p', { className: 'note note-soon', role: 'status', textContent: t(`本机留有 ${when} 没有保存的改动（${why}）。`, `Changes of ${when} that were not saved are kept on this machine (${why}). `) });
  const button = (label, act) => {
    const made = make('button', { type: 'button', className: 'btn btn-small', textContent: label });
    made.addEventListener('click', () => { note.remove(); act(); });
    return made;
  };
  note.append(button(t('恢复这些改动', 'Restore them'), give), ' ', button(t('不要了', 'Discard them'), leave));
  box.prepend(note);
}
