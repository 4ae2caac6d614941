// Go on in a new draft with a file whose draft takes no changes any more: it was published, submitted or discarded meanwhile.
import { make, send, t } from '../../shell/common.js';

const LONGEST = 180; // of the title of the draft that was left

/** Whether a save was refused because the draft itself takes none any more. */
export const takesNoMore = (error) => error.status === 409 && error.body?.code === 'conflict';

/**
 * Offer in `box` to open a new draft of `row` ({package, title}) and to write the file at `path` into it. `left()` gives what
 * was not saved: {content, base}; `taken()` is called once it is kept.
 * `editor` is the page that one goes on with; `put(draft, path, left)` writes, where it is no text of a file.
 */
export function offerNewDraft({ box, row, path, left, taken, editor = 'diagrams/edit', put = putText }) {
  if (box.querySelector('[data-onward]')) return;
  let draft = null;
  let over = {}; // the file of the new draft, where it is another than the one that was changed
  const told = make('span', { textContent: t('这个草稿不能再修改，本机还留有没有保存的改动。', 'This draft cannot be changed any more; changes that were not saved are kept on this machine. ') });
  const button = make('button', { type: 'button', className: 'btn btn-small', textContent: t('新建草稿并写入这些改动', 'Open a new draft with them') });
  const note = make('p', { className: 'note note-soon' }, told, ' ', button);
  note.setAttribute('role', 'status');
  note.dataset.onward = '';
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const title = row.title.slice(0, LONGEST) + t('（未保存的改动）', ' (unsaved changes)');
      draft ??= (await send('/api/v1/drafts', asked('POST', { package: row.package, title }))).id;
      await put(draft, path, { ...await left(), ...over });
      await taken();
      location.assign(`/studio/drafts/${draft}/${editor}?${new URLSearchParams({ path })}`);
    } catch (error) {
      if (error.body?.code === 'draft_conflict') over = { base: error.body.hash };
      told.textContent = over.base
        ? t('新草稿里的这个文件不是您改起的那一份，尚未写入。', 'The file in the new draft is not the one that you changed: not written yet. ')
        : t(`没有写入：${error.message} `, `Not written: ${error.message} `);
      if (over.base) button.textContent = t('仍然写入，覆盖那一份', 'Write over it all the same');
      button.disabled = false;
    }
  });
  box.append(note);
}

/** Where a page offers it: before the editor in `root`, in sight however far down one types. */
export function boxIn(root) {
  const before = root.previousElementSibling;
  if (before?.matches('[data-onward-box]')) return before;
  const box = make('div', { className: 'onward' });
  box.dataset.onwardBox = '';
  root.before(box);
  return box;
}

const putText = (draft, path, { content, base }) => send(`/api/v1/drafts/${draft}/file`, asked('PUT', { path, content, base, note: '' }));

const asked = (method, body) => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
