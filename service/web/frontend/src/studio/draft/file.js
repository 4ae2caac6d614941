// One file of a draft: opened, saved as one types, one save at a time; what another changed meanwhile is told, nothing is lost.
import { clock, make, send, t } from '../../shell/common.js';

const PAUSE = 600;
const AGAIN = 5000;

/**
 * Open `path` of draft `draft`. `status` is an element that says how saving goes; `onTheirs(text)` is called when what is
 * saved came out other than what was sent, because others changed the file as well. Returns {content, hash, change(text), flush()}.
 */
export async function openFile({ draft, path, status, onTheirs }) {
  const url = `/api/v1/drafts/${draft}/file`;
  const opened = await send(`${url}?path=${encodeURIComponent(path)}`);
  const file = { content: opened.content, hash: opened.hash };
  let wanted = null;
  let busy = null;
  let timer = 0;

  const say = (tone, text, ...acts) => {
    status.dataset.state = tone;
    status.replaceChildren(text, ...acts);
  };

  async function save() {
    clearTimeout(timer);
    if (busy) return busy.then(save);
    if (wanted === null || wanted === file.content) return undefined;
    const content = wanted;
    say('busy', t('正在保存…', 'Saving…'));
    busy = put(content).finally(() => { busy = null; });
    await busy;
    return wanted !== null && wanted !== content && status.dataset.state === 'saved' ? save() : undefined;
  }

  async function put(content, base = file.hash) {
    try {
      const saved = await send(url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ path, content, base, note: '' }) });
      file.hash = saved.hash;
      file.content = saved.content ?? content;
      say('saved', t(`已保存 ${clock()}`, `Saved ${clock()}`));
      if (file.content !== content && wanted === content) {
        wanted = file.content;
        if (saved.merged) onTheirs?.(file.content);
      }
    } catch (problem) {
      if (problem.status === 409) return conflict(content, problem);
      say('late', problem.message);
      if (!problem.status || problem.status >= 500) timer = setTimeout(save, AGAIN);
    }
    return undefined;
  }

  async function conflict(content, problem) {
    const theirs = await send(`${url}?path=${encodeURIComponent(path)}`);
    const mine = make('button', { type: 'button', className: 'btn btn-small', textContent: t('保留我的', 'Keep mine') });
    const other = make('button', { type: 'button', className: 'btn btn-small', textContent: t('采用对方的', 'Take theirs') });
    mine.addEventListener('click', () => { busy = put(wanted ?? content, theirs.hash).finally(() => { busy = null; }); });
    other.addEventListener('click', () => {
      Object.assign(file, { hash: theirs.hash, content: theirs.content });
      wanted = theirs.content;
      onTheirs?.(theirs.content);
      say('saved', t('已采用对方的版本，您的版本可用“撤销”找回', 'Took theirs; undo brings yours back'));
    });
    const each = make('a', { href: `/studio/drafts/${draft}/choices`, textContent: t('逐处选择', 'choose one by one') });
    say('late', `${problem.message} `, mine, ' ', other, ' ', each);
  }

  window.addEventListener('online', () => save());
  window.addEventListener('beforeunload', (event) => { if (wanted !== null && wanted !== file.content) event.preventDefault(); });

  return {
    get content() { return file.content; },
    get hash() { return file.hash; },
    change(text) {
      wanted = text;
      if (status.dataset.state !== 'late') say('busy', t('正在编辑…', 'Editing…'));
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    },
    flush: save,
  };
}
