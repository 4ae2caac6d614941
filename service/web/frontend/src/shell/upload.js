// Files are sent as soon as they are chosen; the form carries only their ids, so drafts keep them.
//
// <div class="upload" data-upload-url data-name [data-max-bytes] [data-max-count]> <ul class="upload-list"> <li data-file-id>… <input type="file" [accept] [multiple]>
// The server answers {id, name, size, [url], [remove_url]} or, refusing, {message}.
import { settle } from './corrections.js';
import { csrf, fresh, make, parsed, send, sentenceFor, t } from './common.js';
import { toast } from './toasts.js';

/** A number of bytes as people say it. */
export function sizeWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

class Uploads {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('input[type="file"]');
    this.list = box.querySelector('.upload-list') ?? box.insertBefore(make('ul', { className: 'upload-list' }), this.input);
    this.name = box.dataset.name ?? this.input.name;
    this.queue = Promise.resolve();
    this.input.removeAttribute('name'); // the file travels by itself; without scripts it would travel with the form
    this.input.required = false;
    this.input.addEventListener('change', () => this.take(this.input.files));
    this.list.addEventListener('click', (event) => this.onClick(event));
    this.acceptDrops();
    if (this.input.files.length) this.take(this.input.files); // chosen before this script had arrived
  }

  acceptDrops() {
    const over = (yes) => (event) => { event.preventDefault(); this.box.classList.toggle('is-over', yes); };
    this.box.addEventListener('dragover', over(true));
    this.box.addEventListener('dragleave', over(false));
    this.box.addEventListener('drop', (event) => { over(false)(event); this.take(event.dataTransfer.files, foldersIn(event.dataTransfer)); });
  }

  take(files, folders = []) {
    for (const refused of this.box.querySelectorAll('.upload-list ~ .upload-problem')) refused.remove();
    for (const file of files) {
      const problem = folders.includes(file.name) ? t('这是文件夹，请打开它，选择其中的文件', 'This is a folder: open it and choose the files in it') : this.problem(file);
      if (problem) this.refuse(file, problem);
      else this.enqueue(this.row(file), file);
    }
    this.input.value = '';
  }

  problem(file) {
    const { maxBytes, maxCount } = this.box.dataset;
    if (!file.size) return t('文件是空的，请检查后重新选择', 'The file is empty; check it and choose again');
    if (maxBytes && file.size > Number(maxBytes)) return t(`文件 ${sizeWords(file.size)}，超过上限 ${sizeWords(Number(maxBytes))}，请压缩或拆分后再传`, `The file has ${sizeWords(file.size)}, the limit is ${sizeWords(Number(maxBytes))}: make it smaller or split it`);
    if (maxCount && this.list.querySelectorAll('li:not([data-failed])').length >= Number(maxCount)) return t(`最多上传 ${maxCount} 个文件，请先删除不需要的`, `At most ${maxCount} files; remove one first`);
    if (!this.accepts(file)) return t(`不接受这种文件，请上传 ${this.kinds().join('、')}`, `This kind of file is not accepted; use ${this.kinds().join(', ')}`);
    return null;
  }

  kinds() {
    const suffixes = this.input.accept.split(',').map((kind) => kind.trim().replace(/^\./, '').toUpperCase());
    return suffixes.filter((kind) => kind !== 'JPEG' || !suffixes.includes('JPG'));
  }

  accepts(file) {
    const kinds = this.input.accept.split(',').map((kind) => kind.trim().toLowerCase()).filter(Boolean);
    const fits = (kind) => (kind.startsWith('.') ? file.name.toLowerCase().endsWith(kind) : file.type === kind || (kind.endsWith('/*') && file.type.startsWith(kind.slice(0, -1))));
    return !kinds.length || kinds.some(fits);
  }

  row(file) {
    const about = make('span', { className: 'file-about mute small', textContent: ` ${sizeWords(file.size)}` });
    const row = make('li', {}, make('span', {}, make('span', { className: 'file-name', textContent: file.name }), about), make('span', { className: 'upload-acts' }));
    this.list.append(row);
    return row;
  }

  enqueue(row, file) {
    row.dataset.sending = 'yes';
    delete row.dataset.failed;
    row.querySelector('.upload-problem')?.remove();
    row.querySelector('.upload-acts').replaceChildren(this.button(t('取消', 'Cancel'), 'cancel', file.name));
    const bar = make('progress', { max: file.size, value: 0 });
    bar.setAttribute('aria-label', t(`正在上传 ${file.name}`, `Sending ${file.name}`));
    const words = make('span', { className: 'upload-far mute small' });
    row.append(bar, words);
    this.queue = this.queue.then(() => this.transfer(row, file, bar, words));
  }

  async transfer(row, file, bar, words) {
    if (!row.isConnected) return;
    try {
      const tell = (sent) => { bar.value = sent; words.textContent = sent >= file.size ? t('已传完，等系统收下', 'Sent; waiting until it is taken') : t(`已传 ${sizeWords(sent)}，共 ${sizeWords(file.size)}`, `${sizeWords(sent)} of ${sizeWords(file.size)} sent`); };
      this.done(row, await post(this.box.dataset.uploadUrl, file, tell, row));
    } catch (error) {
      if (row.isConnected && (error.offline || error.again)) this.fail(row, file, error.message);
      else if (row.isConnected) { row.remove(); this.refuse(file, error.message); }
    }
    bar.remove();
    words.remove();
    this.box.dispatchEvent(new Event('uploaded', { bubbles: true })); // a form that waits for its files may go now
  }

  done(row, answer) {
    delete row.dataset.sending;
    row.dataset.fileId = answer.id;
    if (answer.remove_url) row.dataset.removeUrl = answer.remove_url;
    if (answer.url) row.querySelector('.file-name').replaceWith(make('a', { className: 'file-name', href: answer.url, textContent: answer.name }));
    row.querySelector('.upload-acts').replaceChildren(this.button(t('删除', 'Remove'), 'remove', answer.name));
    row.append(make('input', { type: 'hidden', name: this.name, value: answer.id }));
    if (answer.id) settle(this.input.id);
    if (answer.warning) row.append(make('span', { className: 'upload-problem', role: 'alert', textContent: answer.warning }));
    this.tell();
  }

  // What cannot be taken is no part of the form: its name and the reason stay in sight until a file is taken.
  refuse(file, sentence) {
    const words = t(`“${file.name}”没有上传：${sentence}`, `“${file.name}” was not uploaded: ${sentence}`);
    this.list.after(make('p', { className: 'field-error upload-problem', role: 'alert', textContent: words }));
    this.input.scrollIntoView({ block: 'nearest' });
  }

  fail(row, file, sentence) {
    delete row.dataset.sending;
    row.dataset.failed = 'yes';
    const remove = this.button(t('移除', 'Dismiss'), 'remove', file.name);
    const retry = this.button(t('重试', 'Try again'), 'retry', file.name);
    retry.addEventListener('click', () => this.enqueue(row, file));
    row.querySelector('.upload-acts').replaceChildren(retry, remove);
    row.append(make('span', { className: 'upload-problem', role: 'alert', textContent: t(`没有上传成功：${sentence}`, `Not uploaded: ${sentence}`) }));
    addEventListener('online', () => { if (row.isConnected && row.dataset.failed) this.enqueue(row, file); }, { once: true });
  }

  button(label, act, name) {
    const button = make('button', { type: 'button', className: 'btn btn-small', textContent: label });
    button.dataset.act = act;
    button.setAttribute('aria-label', `${label} ${name}`);
    return button;
  }

  async onClick(event) {
    const act = event.target.closest('[data-act]')?.dataset.act;
    const row = event.target.closest('li');
    if (act) event.preventDefault(); // without scripts the button sends the form
    if (act === 'cancel') { row.request?.abort(); row.remove(); this.input.focus(); toast(t(`已取消上传“${row.querySelector('.file-name').textContent}”`, `“${row.querySelector('.file-name').textContent}” is not sent`)); }
    if (act === 'remove') await this.remove(row);
  }

  async remove(row) {
    row.querySelector('.upload-problem')?.remove();
    try {
      if (row.dataset.removeUrl) await send(row.dataset.removeUrl, { method: 'POST' });
      row.remove();
      this.input.focus();
      this.tell();
    } catch (error) {
      row.append(make('span', { className: 'upload-problem', role: 'alert', textContent: t(`没有删除：${error.message}`, `Not removed: ${error.message}`) }));
    }
  }

  // The form changed, although nobody typed: drafts must hear of it.
  tell() {
    this.box.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

// XMLHttpRequest, because fetch does not tell how far an upload has come.
function post(url, file, tell, row) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file);
    row.request = request;
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-CSRF-Token', csrf());
    request.upload.addEventListener('progress', (event) => tell(Math.min(event.loaded, file.size)));
    request.addEventListener('load', () => {
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer.id) resolve(answer);
      else reject(Object.assign(new Error(answer.message ?? sentenceFor(request.status)), { again: request.status >= 500 || request.status === 429 }));
    });
    request.addEventListener('error', () => reject(Object.assign(new Error(t('网络中断，恢复后将自动重新上传', 'The connection broke; the file is sent again when it is back')), { offline: true })));
    request.addEventListener('abort', () => reject(new Error(t('已取消', 'Cancelled'))));
    request.send(body);
  });
}

/** The names of folders among what was dropped: a browser hands them out like files that cannot be read. */
function foldersIn(dropped) {
  return [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory).map((entry) => entry.name);
}

// A file that is dropped beside its box would be opened in place of the page, with all that was typed there.
function keepPage(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files') || event.target.closest?.('input[type="file"]')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}

for (const kind of ['dragover', 'drop']) document.addEventListener(kind, keepPage);

export function upload(root) {
  for (const box of fresh(root, '.upload[data-upload-url]', 'Upload')) if (box.querySelector('input[type="file"]')) new Uploads(box);
}
