// Saved as one draws: a second after the last change. Without the network the diagram stays on this machine and is
// saved when the network is back; a stale save is answered with both versions, and the person chooses.
import { clock, send, t } from '../../shell/common.js';

const PAUSE = 1000;
const AGAIN = 5000;

/** Keeps one file of a draft saved. `write()` gives its text; `tell(state, sentence)` is told how things stand. */
export class Saving {
  constructor({ url, path, kept, base, write, tell, saved, conflict }) {
    Object.assign(this, { url, path, kept, base, write, tell, saved, conflict });
    this.changes = 0;
    this.stored = 0;
    this.timer = null;
    this.running = null;
    addEventListener('online', () => this.flush());
    addEventListener('pagehide', () => this.leave());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.flush(); });
    addEventListener('beforeunload', (event) => { if (this.dirty && !this.isKept) event.preventDefault(); });
  }

  get dirty() { return this.changes !== this.stored; }

  /** Note that something changed. */
  changed() {
    this.changes += 1;
    this.isKept = false;
    this.tell('changed', t('有改动，马上保存', 'Changed; saving in a moment'));
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  /** Save now what is not saved; resolves once nothing is under way. */
  async flush() {
    clearTimeout(this.timer);
    if (this.running) { await this.running; }
    if (!this.dirty || this.stopped) return;
    this.running = this.store();
    await this.running;
    this.running = null;
    if (this.dirty && !this.stopped && !this.offline) this.later(PAUSE);
  }

  async store() {
    const upTo = this.changes;
    this.tell('saving', t('正在保存', 'Saving'));
    const content = await this.write();
    this.keep(content);
    try {
      const answer = await send(this.url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ path: this.path, content, base: this.base, note: '' }) });
      this.done(upTo, answer);
    } catch (error) {
      this.failed(error);
    }
  }

  done(upTo, answer) {
    this.offline = false;
    this.stored = upTo;
    // What was merged is not in the editor yet: what was drawn meanwhile still stands on the base before.
    if (!(answer.merged && this.dirty)) this.base = answer.hash;
    if (!this.dirty) this.forget();
    this.tell('saved', t(`已保存 ${clock()}`, `Saved ${clock()}`));
    this.saved(answer);
  }

  failed(error) {
    if (error.status === 409) {
      this.stopped = true;
      this.tell('conflict', t('有人同时改了这张图，请选择', 'Somebody else changed this diagram: please choose'));
      this.conflict(error);
    } else if (error.status === undefined || error.signedOut || error.status >= 500) {
      this.offline = true;
      this.tell('offline', error.signedOut ? error.message : t('未连接，已留在本机', 'Not connected; kept on this machine'));
      this.later(AGAIN);
    } else {
      this.tell('refused', error.message);
    }
  }

  /** Go on from what the draft holds now, with nothing left to save. */
  renewed(base) {
    this.base = base;
    this.stored = this.changes;
    this.stopped = false;
    this.forget();
    this.tell('saved', t(`已保存 ${clock()}`, `Saved ${clock()}`));
  }

  keep(content) {
    try {
      localStorage.setItem(this.kept, JSON.stringify({ content, base: this.base, at: new Date().toISOString() }));
      this.isKept = true;
    } catch { this.isKept = false; }
  }

  forget() {
    localStorage.removeItem(this.kept);
    this.isKept = false;
  }

  leave() { if (this.dirty && !this.running) this.flush(); }
}

/** What an earlier visit left on this machine because it could not be saved: {content, base, at} or null. */
export function leftBehind(kept) {
  try { return JSON.parse(localStorage.getItem(kept)); } catch { return null; }
}
