// What is typed in an editor, saved as one types: one save at a time. What is not saved yet is kept on this machine, also
// when the tab is closed. What was saved elsewhere meanwhile is never written over unasked, nor what is typed here.
import { clock, t } from '../../shell/common.js';
import { isLeaving } from '../../shell/sign_out.js';
import { drop, hasRoom, held, hold } from './kept.js';
import { isComposing, isTyping } from './typing.js';

const PAUSE = 1000;
const SOON = 50; // after what is whole: drawn, chosen, or left
const AGAIN = 5000;
const LONG = 30000;

export class Saving {
  /**
   * Keeps one file of a draft saved.
   *
   * `write()` gives the content to send, `put({content, base})` sends it and answers {hash}. `read()` asks
   * for the file as the draft holds it, {hash, …}, and `show(found)` puts that into the editor. `tell(state, sentence)` is
   * told how things stand, `saved(answer)` after every save, `conflict(error)` when the file was saved elsewhere
   * since it was opened, `refuse(error)` when it was not taken.
   * `snapshot()` is what is kept on this machine, where that is not the content; `ready()` is called before
   * the page is left: it takes in what is half typed.
   */
  constructor({ kept, base, write, put, read, show, tell, conflict, refuse = () => {}, saved = () => {}, snapshot = write, ready = () => {}, pause = PAUSE }) {
    Object.assign(this, { kept, base, write, put, read, show, tell, conflict, refuse, saved, snapshot, ready, pause });
    this.tab = Math.random().toString(36).slice(2);
    this.changes = 0;
    this.stored = 0;
    this.unanswered = null; // what was sent without an answer: {content, upTo}; the draft may hold it or not
    addEventListener('online', () => this.flush());
    addEventListener('pagehide', () => this.leave());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.leave(); });
    addEventListener('beforeunload', (event) => { if (!isLeaving() && !this.mayLeave()) event.preventDefault(); });
  }

  /** Whether anything was changed since the page was opened. */
  get touched() { return this.changes > 0; }

  get dirty() { return this.changes !== this.stored; }

  /** Note that something changed. */
  changed() {
    this.changes += 1;
    this.isKept = false;
    this.refused = false;
    if (!this.stopped) this.tell('changed', t('有改动，马上保存', 'Changed; saving in a moment'));
    this.later(isTyping() ? this.pause : SOON);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  /** Save now what is not saved; resolves once nothing is under way. Half a word waits until it is whole, and what is said
   * then is saved later, unless it is to be `now`. */
  async flush({ now = false } = {}) {
    clearTimeout(this.timer);
    if (isComposing() && !now) {
      this.later(this.pause);
      return;
    }
    while (this.running) await this.running;
    if (this.stopped && this.dirty) await this.keep();
    if (this.stopped || !this.dirty) return;
    this.running = this.store().finally(() => { this.running = null; });
    await this.running;
    if (this.dirty && !this.stopped && !this.offline && !this.refused) this.later(this.pause);
  }

  async store() {
    // What got no answer is sent again before what came after it: else the server, which may have kept it, would take what
    // this page sent for another window's.
    const again = this.unanswered;
    const upTo = again ? again.upTo : this.changes;
    let content = again?.content;
    this.tell('saving', t('正在保存', 'Saving'));
    try {
      const whole = await this.keep();
      if (!again) content = this.snapshot === this.write && upTo === this.changes && whole ? whole : await this.write();
      this.done(upTo, await this.put({ content, base: this.base }));
    } catch (error) {
      this.failed(error, upTo, content);
    }
  }

  done(upTo, answer) {
    this.offline = false;
    this.unanswered = null;
    this.stored = upTo;
    this.base = answer.hash;
    if (!this.dirty) this.forget();
    this.told();
    for (const note of document.querySelectorAll('[data-until-saved]')) note.hidden = true; // a piece made of a pattern is its place's own now
    this.saved(answer);
  }

  /** Give up what was not saved, and show what the draft holds. */
  async reload() {
    const upTo = this.changes;
    try {
      const found = await this.read();
      if (this.changes !== upTo) return; // typed on meanwhile: it is asked again
      await this.show(found);
      Object.assign(this, { base: found.hash, stopped: false, offline: false });
      this.handedOver();
      this.told();
    } catch (error) {
      this.tell('conflict', error.message);
      this.conflict(this.refusal);
    }
  }

  /** Save what stands here over what the draft holds, which has `hash`. */
  async overwrite(hash) {
    Object.assign(this, { base: hash, stopped: false });
    await this.flush({ now: true });
  }

  failed(error, upTo, content) {
    const lost = error.offline || error.status >= 500;
    if (content !== undefined) this.unanswered = lost ? { content, upTo } : null;
    if (error.body?.code === 'draft_conflict') {
      Object.assign(this, { stopped: true, offline: false, refusal: error });
      this.keep();
      this.tell('conflict', error.message);
      this.conflict(error);
    } else if (lost || error.signedOut || error.body?.code === 'stale') {
      this.offline = true;
      const kept = this.isKept || !this.dirty;
      this.tell('offline', error.signedOut || !kept ? error.message : t('未连接，已留在本机', 'Not connected; kept on this machine'));
      this.later(AGAIN);
    } else {
      this.refused = true;
      this.keep();
      if ([403, 429].includes(error.status)) this.later(LONG); // too often, or not for now
      else if (upTo < this.changes) this.later(this.pause); // what came after it may be taken
      this.tell('refused', t(`没有保存：${error.message}`, `Not saved: ${error.message}`));
      this.refuse(error);
    }
  }

  /** Note that what was typed is kept elsewhere: nothing is left to be saved here. */
  handedOver() {
    this.stored = this.changes;
    this.forget();
  }

  /** Take up what an earlier visit left: `left` is what was kept, and the editor shows it. */
  restore(left) {
    const unanswered = left.unanswered ? { content: left.unanswered, upTo: this.stored } : null;
    Object.assign(this, { base: left.base, unanswered });
    this.changed();
  }

  told() { if (!this.dirty) this.tell('saved', t(`已保存 ${clock()}`, `Saved ${clock()}`)); }

  /** Keep what is not saved on this machine; returns it, where nothing changed meanwhile. */
  async keep() {
    const upTo = this.changes;
    const content = await this.snapshot();
    const { base, tab, refused = false } = this;
    if (!this.dirty) return;
    const unanswered = this.unanswered?.content;
    const free = this.owns() || !held(this.kept); // what another window keeps is not written over
    this.isKept = free && hold(this.kept, { content, base, unanswered, tab, refused, at: new Date().toISOString() }) && upTo === this.changes;
    return upTo === this.changes ? content : null;
  }

  forget() {
    if (this.owns()) drop(this.kept);
    this.isKept = false;
  }

  /** Whether what is kept is of this page, not of another window with the same file. */
  owns() { return held(this.kept)?.tab === this.tab; }

  /** Keep and send what is not saved, half typed fields included: the page may be gone in a moment. */
  leave() {
    this.ready();
    if (!this.dirty) return;
    this.keep();
    this.flush({ now: true });
  }

  /** Whether the page can be left without a question: what is not saved is kept on this machine. */
  mayLeave() {
    this.ready();
    if (!this.dirty || (this.isKept && this.owns())) return true;
    this.keep(); // is done before the page goes; that there is room for it is all that can be known now
    return (this.owns() || !held(this.kept)) && hasRoom(this.kept);
  }
}

/** The sentence that says that this was taken up. */
export const restoredSentence = () => t('上次没有来得及保存的改动已经恢复', 'What could not be saved last time has been restored');
