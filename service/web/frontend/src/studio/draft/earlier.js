// Undo beyond what an editor remembers: the last save of its file is offered to be undone, with what it changed.
import { clock, make, send, t } from '../../shell/common.js';

const MOST = 6;
const say = (both) => t(both.zh, both.en);

/**
 * Offers to go back to before the last save of a file. `known()` says whether anything was changed since the page was
 * opened; then the editor has its own way back and nothing is offered.
 */
export class EarlierSave {
  constructor({ api, path, known }) {
    Object.assign(this, { api, path, known });
    this.last = null;
    this.asked = send(`${api}/last-save?${new URLSearchParams({ path })}`).then(({ last }) => { this.last = last; }).catch(() => { /* nothing is offered */ });
  }

  /** Call `act()` once it is known whether there is a save to undo. */
  found(act) { this.asked.then(act); }

  get offered() { return Boolean(this.last) && !this.known(); }

  /** Show what the last save changed, and undo it with one click. */
  async ask() {
    if (this.asking) return;
    this.asking = true;
    await this.asked; // one may press the button before the answer is here
    if (!this.offered) {
      this.asking = false;
      return;
    }
    const told = await send(`${this.api}/revisions/${this.last.revision}`).catch((error) => ({ error }));
    this.asking = false;
    if (told.error) this.refused(told.error);
    else if (this.offered) this.offer(told);
  }

  /** Say why what the last save changed cannot be shown. */
  refused(error) {
    const dialog = make('dialog', { className: 'studio-dialog' });
    const close = make('button', { type: 'button', className: 'btn', textContent: t('关闭', 'Close') });
    const said = make('p', { textContent: t(`现在不能查看上一次保存：${error.message}`, `The last save cannot be shown now: ${error.message}`) });
    said.setAttribute('role', 'alert');
    close.addEventListener('click', () => dialog.close());
    dialog.append(said, make('div', { className: 'dialog-acts' }, close));
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  offer({ author, at, difference }) {
    const dialog = make('dialog', { className: 'studio-dialog' });
    const wrong = make('p', { className: 'panel-help' });
    wrong.setAttribute('role', 'alert');
    const button = (label, kind, act) => {
      const made = make('button', { type: 'button', className: `btn ${kind}`, textContent: label });
      made.addEventListener('click', act);
      return made;
    };
    const back = button(t('恢复到上一次保存之前', 'Go back to before the last save'), 'btn-main', async () => {
      back.disabled = true;
      try {
        await send(`${this.api}/last-save/undo`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ path: this.path, revision: this.last.revision }) });
        location.reload();
      } catch (error) {
        wrong.textContent = error.message;
        back.disabled = false;
      }
    });
    dialog.setAttribute('aria-labelledby', 'earlier-title');
    dialog.append(
      make('h2', { id: 'earlier-title', textContent: t('恢复到上一次保存之前？', 'Go back to before the last save?') }),
      make('p', { textContent: t(`打开本页以后没有可撤销的改动。上一次保存：${author}，${dayOf(at)} ${clock(new Date(at))}，改动如下；恢复后以前的内容仍在“历史”中，还可以再改回来。`, `Nothing was changed since the page was opened. The last save, by ${author} at ${dayOf(at)} ${clock(new Date(at))}, changed what follows. It stays in the history and can be brought back.`) }),
      make('ul', {}, ...changesOf(difference)),
      wrong,
      make('div', { className: 'dialog-acts' }, button(t('不恢复', 'Leave it'), '', () => dialog.close()), back),
    );
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}

const dayOf = (at) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(at));

/** What a save changed, a line for each thing. */
function changesOf(difference) {
  const records = difference?.records ?? [];
  const lines = records.slice(0, MOST).map(({ subject, fields, change }) => make('li', { textContent: `${say(subject)}${t('：', ': ')}${fields.length && change === 'changed' ? fields.map(inWords).join(t('；', '; ')) : WORDS[change]}` }));
  if (records.length > MOST) lines.push(make('li', { textContent: t(`另有 ${records.length - MOST} 处`, `${records.length - MOST} more`) }));
  if (!lines.length) lines.push(make('li', { textContent: difference?.drawn?.length ? t('只移动了图上的位置', 'Only places on the drawing were moved') : t('文件的写法', 'How the file is written') }));
  return lines;
}

const WORDS = { added: t('新增', 'added'), removed: t('删除', 'removed'), changed: t('修改', 'changed'), moved: t('移动', 'moved') };
const quoted = (value) => (value ? t(`“${value}”`, `“${value}”`) : t('（没有）', '(none)'));
const inWords = ({ label, left, right }) => t(`${say(label)}由${quoted(left)}改为${quoted(right)}`, `${say(label)} from ${quoted(left)} to ${quoted(right)}`);
