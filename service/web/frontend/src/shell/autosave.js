// Drafts: a form marked data-autosave-url is sent while it is being filled in. Files are not part of it, uploads have their own way.
import { clock, fresh, send, t } from './common.js';
import { belongs, isChanged, markChanged, markSaved } from './forms.js';
import { trusted } from './trusted.js';

const QUIET = 1500;
// Who never pauses is saved all the same.
const LONGEST = 8000;
const RETRIES = [5, 15, 30, 60].map((seconds) => seconds * 1000);

// A page that answers a submission would, loaded again, send that submission once more, over the draft that is newer. What has an entry of its own is asked for instead.
function readAgain() {
  history.replaceState(history.state, '', location.href);
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.status = form.querySelector('[data-autosave-status]') ?? document.querySelector(`[data-autosave-status="${form.id}"]`);
    this.failures = 0;
    const later = ({ target }) => { if (belongs(target, form)) this.later(); };
    form.addEventListener('input', later);
    form.addEventListener('change', later);
    // Rows or fields were added or taken away by the server's answer; a file or a note beside them changes nothing.
    form.addEventListener('htmx:afterSwap', (event) => { if (event.target.closest('.form-body')) later(event); });
    form.addEventListener('submit', () => this.stop());
    form.addEventListener('click', (event) => this.saveByButton(event));
    document.addEventListener('click', (event) => this.saveFirst(event));
    addEventListener('online', () => { if (isChanged(form)) this.save(); });
    if (isChanged(form)) this.later(); // typed before this script had arrived
    // The tab is closed or a link followed before the next save: what is typed goes along by itself.
    addEventListener('pagehide', () => this.leave());
    // A telephone throws a hidden tab away without another word.
    document.addEventListener('visibilitychange', () => { if (document.hidden && isChanged(form) && !form.dataset.sent) this.save(); });
  }

  later() {
    if (this.form.dataset.sent) return; // on its way: the task may be over before a draft arrives
    markChanged(this.form);
    this.fresh = true;
    if (!this.request && !this.failures) this.say(t('有改动未暂存', 'Not saved yet'));
    clearTimeout(this.quiet);
    this.since ??= Date.now();
    this.quiet = setTimeout(() => this.save(), Math.max(0, Math.min(QUIET, this.since + LONGEST - Date.now())));
  }

  leave() {
    if (isChanged(this.form) && !this.form.dataset.sent) navigator.sendBeacon(this.url, this.contents());
  }

  saveByButton(event) {
    if (!event.target.closest('[data-autosave-now]')) return;
    event.preventDefault();
    this.save();
  }

  // A link to the same task in another layout: what was typed is kept first, then the link is followed.
  async saveFirst(event) {
    const link = event.target.closest('a[data-save-first]');
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !isChanged(this.form)) return;
    event.preventDefault();
    await (this.saving ?? this.save());
    if (isChanged(this.form)) await this.save();
    if (!isChanged(this.form)) location.assign(link.href);
  }

  stop() {
    clearTimeout(this.quiet);
    clearTimeout(this.retry);
    this.stopped = true;
    this.request?.abort();
  }

  contents() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  save() {
    if (this.request) { this.again = true; return this.saving; }
    this.saving = this.sendOnce();
    return this.saving;
  }

  async sendOnce() {
    clearTimeout(this.quiet);
    clearTimeout(this.retry);
    this.stopped = this.fresh = false;
    this.since = undefined;
    this.request = new AbortController();
    const contents = this.contents();
    this.say(t('正在暂存…', 'Saving…'));
    try {
      const answer = await send(this.url, { method: 'POST', body: contents, signal: this.request.signal });
      this.failures = 0;
      readAgain();
      if (!this.fresh) markSaved(this.form);
      this.form.dataset.wrong = answer.wrong?.join(' ') ?? '';
      this.form.dispatchEvent(new Event('judged'));
      const found = document.querySelector('[data-conditions]');
      if (found && answer.conditions) found.outerHTML = trusted(answer.conditions);
      const at = answer.saved_at ?? clock();
      const said = this.fresh ? t(`已暂存 ${at}，之后有改动未暂存`, `Saved ${at}, changed since`) : t(`已暂存 ${at}`, `Saved ${at}`);
      this.say(answer.beside ? `${said} · ${answer.beside}` : said);
    } catch (error) {
      if (!this.stopped) this.failed(error);
    } finally {
      this.request = this.saving = null;
    }
    if (this.again) { this.again = false; this.later(); }
  }

  failed(error) {
    markChanged(this.form);
    const said = (error.status ? error.message : t('网络不通', 'no connection')).replace(/[。.]$/, '');
    const wait = RETRIES[Math.min(this.failures++, RETRIES.length - 1)];
    // A rule was broken or the session ended: trying again by itself would not help, the next keystroke will.
    const again = !error.status || error.status >= 500;
    if (again) this.retry = setTimeout(() => this.save(), wait);
    const next = again ? t('，将自动重试', '; it is tried again by itself') : '';
    this.say(t(`尚未暂存（${clock()}）：${said}。内容仍在本页，请勿关闭${next}`, `Not saved (${clock()}): ${said}. Your entries are still on this page, keep it open${next}`), true);
  }

  say(sentence, failed = false) {
    if (!this.status) return;
    this.status.textContent = sentence;
    this.status.classList.toggle('is-failed', failed);
  }
}

export function autosave(root) {
  for (const form of fresh(root, 'form[data-autosave-url]', 'Autosave')) new Draft(form);
}
