// Saves the table as one types, and says how that stands beside the buttons.
import { make, send, t } from '../../shell/common.js';
import { keptName, leftBehind, restoredSentence, Saving } from '../draft/saving.js';

const DELAY = 800;
const TONES = { saved: 'ok', offline: 'soon', conflict: 'late', refused: 'late' };

/**
 * Keep the table of `model` saved: `api` is the draft's address, `saved(answer)` is called after every save and
 * `taken(found)` when the model holds what others made of it. Returns {saving, removed}: ids of rows that go although others
 * name them.
 */
export function savedTable(parent, { api, draft, path, hash, model, saved, taken }) {
  const url = `${api}/table`;
  const line = make('p', { className: 'saving', role: 'status' });
  parent.append(line);
  const removed = new Set();
  const kept = keptName(draft, path);
  const tell = (state, sentence) => {
    line.dataset.tone = TONES[state] ?? '';
    line.textContent = sentence;
  };
  const saving = new Saving({
    kept, base: hash, pause: DELAY, tell,
    write: () => JSON.stringify(model.sheet),
    snapshot: () => JSON.stringify({ sheet: model.sheet, removed: [...removed] }),
    put: async ({ content, base, ancestor }) => {
      const body = { path, table: JSON.parse(content), base, removed: [...removed], ancestor: ancestor && JSON.parse(ancestor) };
      const answer = await send(url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      if (!answer.merged) model.adopt(answer.table);
      return answer;
    },
    read: () => send(`${url}?${new URLSearchParams({ path })}`),
    show: (found) => { model.take(found.table); taken(found); },
    saved,
    conflict: (problem) => {
      line.textContent = problem.message;
      line.append(' ', make('a', { href: `${location.pathname.split('/tables')[0]}/choices`, textContent: t('逐处选择', 'Choose each') }));
    },
  });
  const left = leftBehind(kept);
  if (left) {
    const held = JSON.parse(left.content);
    held.removed.forEach((row) => removed.add(row));
    model.take(held.sheet);
    saving.restore(left);
    tell('changed', restoredSentence());
  }
  return { saving, removed };
}
