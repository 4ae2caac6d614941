// Saves the table as one types, and says how that stands beside the buttons.
import { make, send, t } from '../../shell/common.js';
import { dropLeftOver, keptName, leftBehind as keptBehind, takeUp } from '../draft/kept.js';
import { boxIn, offerNewDraft, takesNoMore } from '../draft/onward.js';
import { conflictActs, takeOverActs } from '../draft/refusals.js';
import { restoredSentence, Saving } from '../draft/saving.js';

const DELAY = 800;
const TONES = { saved: 'ok', offline: 'soon', conflict: 'late', refused: 'late' };

/**
 * Keep the table of `model` saved: `api` is the draft's address, `saved(answer)` is called after every save and
 * `taken(found, before)` when the model holds what the draft holds in place of the sheet that was there `before`. Returns {saving, removed,
 * restore}: ids of rows that go although others name them, and what takes up what an earlier visit could not save. What the
 * draft takes no more is offered to a new one, in `root` ({dataset: package, title}).
 */
export function savedTable(parent, { root, api, draft, path, hash, model, saved, taken }) {
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
    put: async ({ content, base }) => {
      const body = { path, table: JSON.parse(content), base, removed: [...removed] };
      const answer = await send(url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      model.adopt(answer.table);
      return answer;
    },
    read: () => send(`${url}?${new URLSearchParams({ path })}`),
    show: (found) => { const before = model.sheet; model.take(found.table); taken(found, before); },
    saved,
    refuse: (error) => {
      line.append(...takeOverActs(draft, error));
      if (!takesNoMore(error)) return;
      const left = () => ({ sheet: model.sheet, removed: [...removed], base: saving.base });
      onward(root, { path, left, taken: () => { saving.handedOver(); dropLeftOver(kept); } });
    },
    conflict: (problem) => line.append(...conflictActs(saving, problem)),
  });

  async function restore(box, redraw) {
    const take = (content) => {
      const left = JSON.parse(content);
      left.removed.forEach((row) => removed.add(row));
      model.take(left.sheet);
      redraw();
    };
    const same = (content) => said(JSON.parse(content).sheet) === said(model.sheet);
    if (await takeUp(saving, { box, hash, take, same })) tell('changed', restoredSentence());
  }
  return { saving, removed, restore };
}

/** Offer what is kept on this machine to a new draft, where this one can only be looked at. */
export function leftBehind(root, { draft, path }) {
  const kept = keptName(draft, path);
  const held = keptBehind(kept);
  const left = () => ({ ...JSON.parse(held.content), base: held.base });
  if (held) onward(root, { path, left, taken: () => dropLeftOver(kept) });
}

function onward(root, { path, left, taken }) {
  offerNewDraft({
    box: boxIn(root), row: root.dataset, path, editor: 'tables/edit', taken, left,
    put: (draft, file, { sheet, removed, base }) => {
      const body = { path: file, table: sheet, base, removed };
      return send(`/api/v1/drafts/${draft}/table`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    },
  });
}

// What a table says; ids that the server gave when it was saved do not count.
const said = ({ rows, inputs, outputs, ...rest }) => JSON.stringify([rest, [...inputs, ...outputs].map((column) => ({ ...column, id: '' })), rows.map((row) => ({ ...row, id: '', was: '' }))]);
