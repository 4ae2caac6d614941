// Saves the table as one types; nothing is lost when the network is gone, and a save over another's change is told.
import { clock, make, send, t } from '../../shell/common.js';

const DELAY = 800;
const AGAIN = 5000;

export class Saving {
  /** `api` is the draft's address, `saved(answer)` is called after every save. */
  constructor(parent, { api, path, hash, model, saved }) {
    Object.assign(this, { api, path, hash, model, saved });
    this.line = make('p', { className: 'saving', role: 'status' });
    parent.append(this.line);
    this.removed = new Set();
    this.waiting = false;
    addEventListener('beforeunload', (event) => { if (this.waiting) event.preventDefault(); });
    addEventListener('online', () => { if (this.waiting) this.#soon(0); });
  }

  /** Something changed: save it soon. */
  touch() {
    this.waiting = true;
    this.#tell(t('正在保存…', 'Saving…'));
    this.#soon(DELAY);
  }

  #soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#save(), delay);
  }

  async #save() {
    if (this.busy) { this.#soon(DELAY); return; }
    this.busy = true;
    const sent = JSON.stringify(this.model.sheet);
    try {
      const body = JSON.stringify({ path: this.path, table: this.model.sheet, base: this.hash, removed: [...this.removed] });
      const answer = await send(`${this.api}/table`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body });
      this.hash = answer.hash;
      if (answer.merged) { location.reload(); return; }
      const same = sent === JSON.stringify(this.model.sheet);
      this.model.adopt(answer.table);
      this.waiting = !same;
      if (same) this.#tell(t(`已保存 ${clock()}`, `Saved ${clock()}`), 'ok'); else this.#soon(DELAY);
      this.saved(answer);
    } catch (problem) {
      this.#refused(problem);
    } finally {
      this.busy = false;
    }
  }

  #refused(problem) {
    if (problem.status === 409) {
      this.#tell(problem.message, 'late');
      this.waiting = false;  // what was sent is kept on the server until it is chosen
      this.line.append(' ', make('a', { href: `${location.pathname.split('/tables')[0]}/choices`, textContent: t('逐处选择', 'Choose each') }));
      return;
    }
    if (problem.status >= 400 && problem.status < 500) {
      this.#tell(t(`没有保存：${problem.message}`, `Not saved: ${problem.message}`), 'late');
      return;
    }
    this.#tell(t('连接中断，您可以继续修改，恢复后自动保存', 'The connection is gone. Go on: it is saved once it is back'), 'soon');
    this.#soon(AGAIN);
  }

  #tell(text, tone = '') {
    this.line.dataset.tone = tone;
    this.line.textContent = text;
  }
}
