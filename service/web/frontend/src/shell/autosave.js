// Drafts: a form marked data-autosave-url is sent while it is being filled in. Files are not part of it, uploads have their own way.
import { clock, debounce, fresh, send, t } from './common.js';
import { isChanged, markChanged, markSaved } from './forms.js';

const QUIET = 1500;
const RETRIES = [5, 15, 30, 60].map((seconds) => seconds * 1000);

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.status = form.querySelector('[data-autosave-status]') ?? document.querySelector(`[data-autosave-status="${form.id}"]`);
    this.later = debounce(() => this.save(), QUIET);
    this.failures = 0;
    form.addEventListener('input', this.later);
    form.addEventListener('change', () => { markChanged(form); this.later(); });
    // Rows or fields were added or taken away by the server's answer.
    form.addEventListener('htmx:afterSwap', () => { markChanged(form); this.later(); });
    form.addEventListener('submit', () => this.stop());
    form.addEventListener('click', (event) => this.saveByButton(event));
    addEventListener('online', () => { if (isChanged(form)) this.save(); });
  }

  saveByButton(event) {
    if (!event.target.closest('[data-autosave-now]')) return;
    event.preventDefault();
    this.later.cancel();
    this.save();
  }

  stop() {
    this.later.cancel();
    clearTimeout(this.retry);
    this.stopped = true;
    this.request?.abort();
  }

  contents() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async save() {
    if (this.request) { this.again = true; return; }
    clearTimeout(this.retry);
    this.stopped = false;
    this.request = new AbortController();
    const contents = this.contents();
    markSaved(this.form);
    this.say(t('正在暂存…', 'Saving…'));
    try {
      const answer = await send(this.url, { method: 'POST', body: contents, signal: this.request.signal });
      this.failures = 0;
      this.say(t(`已暂存 ${answer.saved_at ?? clock()}`, `Saved ${answer.saved_at ?? clock()}`));
    } catch (error) {
      if (!this.stopped) this.failed(error);
    } finally {
      this.request = null;
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
