// What is typed in an editor, saved as one types: one save at a time. What is not saved yet is kept on this machine, also
// when the tab is closed; what others saved meanwhile is joined by the server and taken up here, never over what was typed.
import { clock, t } from '../../shell/common.js';
import { isLeaving } from '../../shell/sign_out.js';
import { drop, hasRoom, held, hold } from './kept.js';
import { atRest, isComposing, isTyping } from './typing.js';

const PAUSE = 1000;
const SOON = 50; // after what is whole: drawn, chosen, or left
const AGAIN = 5000;
const LONG = 30000;
const LEFT = 300; // after a field was left: what was pressed instead is done first

export class Saving {
  /**
   * Keeps one file of a draft saved.
   *
   * `write()` gives the content to send, `put({content, base, ancestor})` sends it and answers {hash, merged}. `read()` asks
   * for the file as the draft holds it, {hash, …}, and `show(found)` puts that into the editor. `tell(state, sentence)` is
   * told how things stand, `saved(answer)` after every save, `conflict(error)` when the same was changed twice,
   * `refuse(error)` when it was not taken.
   * `snapshot()` is what is kept on this machine, where that is not the content; `ready()` is asked before the editor is
   * changed: it takes in what is half typed, and says whether the editor may be changed now.
   */
  constructor({ kept, base, write, put, read, show, tell, conflict, refuse = () => {}, saved = () => {}, snapshot = write, ready = atRest, pause = PAUSE }) {
    Object.assign(this, { kept, base, write, put, read, show, tell, conflict, refuse, saved, snapshot, ready, pause });
    this.tab = Math.random().toString(36).slice(2);
    this.changes = 0;
    this.stored = 0;
    this.ancestor = null; // what the editor goes on from, where the draft never held it: what was sent and merged
    this.unanswered = null; // what was sent without an answer: {content, upTo}; the draft may hold it or not
    this.behind = false; // the draft holds more than the editor shows
    addEventListener('online', () => this.flush());
    addEventListener('pagehide', () => this.leave());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.leave(); });
    addEventListener('beforeunload', (event) => { if (!isLeaving() && !this.mayLeave()) event.preventDefault(); });
    document.addEventListener('focusout', () => { if (this.waiting) this.later(LEFT); });
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
    if (this.stopped || !(this.dirty || this.behind)) return;
    this.running = (this.dirty ? this.store() : this.renew()).finally(() => { this.running = null; });
    await this.running;
    if ((this.dirty || this.behind) && !this.stopped && !this.offline && !this.refused) this.later(this.waiting ? LONG : this.pause);
  }

  async store() {
    // What got no answer is sent again before what came after it: else the server, which may have kept it, would take what
    // this page sent for somebody else's.
    const again = this.unanswered;
    const upTo = again ? again.upTo : this.changes;
    let content = again?.content;
    this.waiting = false;
    this.tell('saving', t('正在保存', 'Saving'));
    try {
      const whole = await this.keep();
      if (!again) content = this.snapshot === this.write && upTo === this.changes && whole ? whole : await this.write();
      this.done(upTo, content, await this.put({ content, base: this.base, ancestor: this.ancestor }));
    } catch (error) {
      this.failed(error, upTo, content);
      return;
    }
    if (!this.dirty && this.behind) await this.renew();
  }

  done(upTo, content, answer) {
    this.offline = false;
    this.unanswered = null;
    this.stored = upTo;
    this.behind = Boolean(answer.merged);
    this.ancestor = this.behind ? content : null;
    if (!this.behind) this.base = answer.hash;
    if (!this.dirty) this.forget();
    if (!this.behind) this.told();
    this.saved(answer);
  }

  /** Take up what the draft holds now. What is typed while it is read is not read over: it is saved, and joined with it. */
  async renew() {
    try {
      if (!this.mayShow()) return;
      const found = await this.read();
      this.offline = false;
      if (!this.mayShow()) return;
      await this.show(found);
      Object.assign(this, { base: found.hash, ancestor: null, behind: false });
      this.told();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Whether the editor may be changed now; where something is half written it is waited for until it is left. */
  mayShow() {
    const ready = this.ready();
    this.waiting = !ready && !this.dirty;
    if (!ready) this.told();
    return ready && !this.dirty;
  }

  failed(error, upTo, content) {
    const lost = error.offline || error.status >= 500;
    if (content !== undefined) this.unanswered = lost ? { content, upTo } : null;
    if (error.status === 409 && error.body?.held) {
      // The server holds both until it is chosen: what is typed from now on goes on from what was sent.
      Object.assign(this, { stopped: true, offline: false, stored: upTo, ancestor: content });
      if (!this.dirty) this.forget();
      this.tell('conflict', t('有人同时改了这里，请选择', 'Somebody else changed the same: please choose'));
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

  /** Go on after a conflict was settled on the server. */
  async settled() {
    Object.assign(this, { stopped: false, behind: true });
    await this.flush({ now: true });
  }

  /** Note that what was typed is kept elsewhere: nothing is left to be saved here. */
  handedOver() {
    this.stored = this.changes;
    this.forget();
  }

  /** Take up what an earlier visit left: `left` is what was kept, and the editor shows it. */
  restore(left) {
    const unanswered = left.unanswered ? { content: left.unanswered, upTo: this.stored } : null;
    Object.assign(this, { base: left.base, ancestor: left.ancestor ?? null, unanswered });
    this.changed();
  }

  told() { if (!this.dirty) this.tell('saved', t(`已保存 ${clock()}`, `Saved ${clock()}`)); }

  /** Keep what is not saved on this machine; returns it, where nothing changed meanwhile. */
  async keep() {
    const upTo = this.changes;
    const content = await this.snapshot();
    const { base, ancestor, tab, refused = false } = this;
    if (!this.dirty) return;
    const unanswered = this.unanswered?.content;
    const free = this.owns() || !held(this.kept); // what another window keeps is not written over
    this.isKept = free && hold(this.kept, { content, base, ancestor, unanswered, tab, refused, at: new Date().toISOString() }) && upTo === this.changes;
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
