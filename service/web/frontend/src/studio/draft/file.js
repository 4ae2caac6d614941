// One file of a draft: opened, saved as one types; what was saved elsewhere meanwhile is told, nothing is lost.
import { make, send, t } from '../../shell/common.js';
import { dropLeftOver, keptName, leftBehind, takeUp } from './kept.js';
import { boxIn, offerNewDraft, takesNoMore } from './onward.js';
import { conflictActs, takeOverActs } from './refusals.js';
import { restoredSentence, Saving } from './saving.js';

const PAUSE = 600;
const TONES = { changed: 'busy', saving: 'busy', saved: 'saved', offline: 'late', conflict: 'late', refused: 'late' };

/** The address of the file at `path` of a draft. */
const addressOf = (draft, path) => `/api/v1/drafts/${draft}/file?${new URLSearchParams({ path })}`;

const LONGEST_AFTER = 20_000; // characters: a browser sends no more than 64 KB of a page that is gone

/**
 * Save `content` as the file at `path` of the draft behind `api`; answers {hash}, to `check` with the draft's problems.
 * A short one arrives also where the page is left meanwhile; a long one stays on this machine.
 */
export function putFile(api, path, { content, base }, check = false) {
  const body = JSON.stringify({ path, content, base, check, note: '' });
  return send(`${api}/file`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body, keepalive: body.length < LONGEST_AFTER });
}

/**
 * Open `path` of draft `draft`. `status` is an element that says how saving goes; `write()` gives the text of the file,
 * `onTheirs(found)` shows what the draft holds in its place: {content, hash}, or what `complete` made of that; `saved()` is called after every save. What a draft takes no more goes into a new one, whose
 * `editor` is the page to go on with; `root` ({dataset: package, title}) is where that is offered, and `textOf(snapshot)` the
 * text of the file of what is kept on this machine. Returns {content, hash, saving, restore, leftBehind}.
 */
export async function openFile({ draft, path, status, write, snapshot = write, onTheirs, complete = (found) => found, pause = PAUSE, saved = () => {}, root, editor, textOf = (kept) => kept }) {
  const api = `/api/v1/drafts/${draft}`;
  const opened = await send(addressOf(draft, path));
  const kept = keptName(draft, path);

  const say = (state, text) => {
    status.dataset.state = TONES[state];
    status.replaceChildren(text);
  };

  const saving = new Saving({
    kept, base: opened.hash, pause, write, snapshot,
    put: (sent) => putFile(api, path, sent),
    read: async () => complete(await send(addressOf(draft, path))),
    show: onTheirs,
    tell: say,
    saved,
    conflict: (problem) => status.append(...conflictActs(saving, problem)),
    refuse: (error) => {
      status.append(...takeOverActs(draft, error));
      if (takesNoMore(error)) onward(async () => ({ content: await write(), base: saving.base }));
    },
  });

  function onward(unsaved) {
    offerNewDraft({
      box: boxIn(root), row: root.dataset, path, editor,
      left: unsaved,
      taken: () => { saving.handedOver(); dropLeftOver(kept); },
    });
  }

  return {
    content: opened.content,
    hash: opened.hash,
    saving,
    /** Take up what an earlier visit could not save: `take` and `same` as of `takeUp`, `box` holds a sentence about it; whether it was. */
    async restore(box, take, same) {
      const taken = await takeUp(saving, { box, hash: opened.hash, take, same });
      if (taken) say('changed', restoredSentence());
      return taken;
    },
    /** Offer what is kept on this machine to a new draft, where this one can only be looked at. */
    leftBehind() {
      const left = leftBehind(kept);
      if (left) onward(async () => ({ ...left, content: await textOf(left.content) }));
    },
  };
}
