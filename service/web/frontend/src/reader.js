// A file read on the page: drawn by pdf.js in the browser, with zoom, search and keys; over a trade secret lies the reader's name.
//
// <div class="reader" data-content="…" data-worker="…" data-parts="…" [data-picture] [data-watermark] data-page="1">
import { fresh, make, parsed, sentenceFor, t } from './shell/common.js';
import { trustedScript } from './shell/trusted.js';
import { Search } from './reader/search.js';
import { pdfFrom, pictureFrom } from './reader/sources.js';
import { drawWatermark } from './reader/watermark.js';

const [SMALLEST, LARGEST, STEP] = [0.5, 4, 1.25];
const MOST_POINTS = 16_000_000; // of a canvas: telephones draw no larger ones

async function contentOf(url) {
  const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(parsed(await answer.text()).message ?? sentenceFor(answer.status));
  return answer.blob();
}

let last = null;

class Reader {
  constructor(box) {
    if (last && !last.box.isConnected) last.source?.close?.(); // another paper took its place
    last = this;
    this.box = box;
    this.page = Number(box.dataset.page) || 1;
    this.zoom = 1;
    this.said = make('p', { className: 'state', role: 'status', textContent: t('正在打开…', 'Opening…') });
    this.sheets = make('div', { className: 'reader-sheets', tabIndex: 0 });
    this.sheets.setAttribute('role', 'region');
    this.sheets.setAttribute('aria-label', t('文件内容', 'The file'));
    box.append(this.said, this.sheets);
    this.open().catch((error) => {
      if (!(error.name in SENTENCES)) console.warn(error);
      this.said.setAttribute('role', 'alert');
      this.said.textContent = SENTENCES[error.name] ?? error.message;
    });
  }

  async open() {
    const { content, picture, worker, parts } = this.box.dataset;
    const blob = await contentOf(content);
    this.source = picture ? await pictureFrom(blob) : await pdfFrom(blob, trustedScript(worker), parts);
    const size = await this.source.size(1);
    this.list = Array.from({ length: this.source.count }, (_, at) => this.sheet(at + 1, size));
    this.sheets.append(...this.list);
    this.search = new Search(this);
    this.box.prepend(this.bar());
    this.said.remove();
    this.sight = new IntersectionObserver((seen) => this.onSight(seen), { threshold: [0, 0.25, 0.5, 0.75, 1] });
    this.list.forEach((sheet) => this.sight.observe(sheet));
    this.sheets.addEventListener('keydown', (event) => this.onKey(event));
    let width = this.sheets.clientWidth;
    new ResizeObserver(() => { if (width !== this.sheets.clientWidth) { width = this.sheets.clientWidth; this.drawAnew(); } }).observe(this.sheets);
    this.box.dataset.ready = 'yes';
    if (this.page > 1) this.go(this.page);
  }

  sheet(number, [width, height]) {
    const sheet = make('section', { className: 'reader-sheet' }, make('canvas'));
    sheet.setAttribute('aria-label', t(`第${number}页`, `Page ${number}`));
    sheet.style.aspectRatio = `${width} / ${height}`;
    sheet.number = number;
    sheet.seen = 0;
    return sheet;
  }

  bar() {
    const press = (label, words, act) => {
      const button = make('button', { type: 'button', className: 'btn btn-small', textContent: label, title: words, onclick: act });
      button.setAttribute('aria-label', words);
      return button;
    };
    const turn = () => this.go(Number(this.at.value));
    this.at = make('input', { className: 'number', inputMode: 'numeric', value: this.page, onchange: turn, act: turn });
    this.at.setAttribute('aria-label', t('页码', 'Page'));
    const bar = make(
      'div',
      { className: 'reader-bar' },
      press('‹', t('上一页', 'Previous page'), () => this.go(this.page - 1)),
      this.at,
      make('span', { textContent: `/ ${this.source.count}` }),
      press('›', t('下一页', 'Next page'), () => this.go(this.page + 1)),
      press('−', t('缩小', 'Smaller'), () => this.setZoom(this.zoom / STEP)),
      press('＋', t('放大', 'Larger'), () => this.setZoom(this.zoom * STEP)),
      press(t('适宽', 'Fit'), t('适宽显示', 'Fit to the width'), () => this.setZoom(1)),
      ...(this.source.text ? this.search.controls() : []),
    );
    // Its fields belong to no form: Enter in one sends none.
    for (const field of bar.querySelectorAll('input')) {
      field.setAttribute('form', 'no-form');
      field.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); field.act(); } });
      for (const kind of ['input', 'change']) field.addEventListener(kind, (event) => event.stopPropagation());
    }
    return bar;
  }

  onSight(seen) {
    for (const { target, intersectionRatio, isIntersecting } of seen) {
      target.seen = isIntersecting ? Math.max(intersectionRatio, 0.001) : 0;
      if (isIntersecting) this.draw(target);
      else this.clear(target);
    }
    const most = this.list.reduce((best, sheet) => (sheet.seen > best.seen ? sheet : best));
    if (most.seen > this.list[this.page - 1].seen + 0.01) this.tell(most.number); // of those as much in sight, the one asked for
  }

  tell(number) {
    this.page = number;
    this.at.value = number;
    this.box.dataset.at = number;
  }

  go(number) {
    this.tell(Math.min(Math.max(Math.round(number) || 1, 1), this.source.count));
    this.list[this.page - 1].scrollIntoView({ block: 'start' });
  }

  setZoom(zoom) {
    this.zoom = Math.min(LARGEST, Math.max(SMALLEST, zoom));
    this.sheets.style.setProperty('--zoom', this.zoom);
    this.drawAnew();
    this.list[this.page - 1].scrollIntoView({ block: 'nearest' });
  }

  drawAnew() {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.list.filter((sheet) => sheet.seen).forEach((sheet) => { this.clear(sheet); this.draw(sheet); }), 120);
  }

  clear(sheet) {
    delete sheet.dataset.drawn;
    sheet.drawing?.cancel();
    sheet.drawing = null;
    sheet.querySelector('.textLayer')?.remove();
    sheet.firstChild.width = 0; // what is out of sight holds no memory
  }

  async draw(sheet) {
    if (sheet.drawing || sheet.dataset.drawn) return;
    const drawing = { cancel() { this.gone = true; this.task?.cancel(); } };
    sheet.drawing = drawing;
    try {
      const [width, height] = await this.source.size(sheet.number);
      if (drawing.gone) return;
      sheet.style.aspectRatio = `${width} / ${height}`;
      const scale = sheet.clientWidth / width;
      const fine = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_POINTS / (width * height * scale * scale)));
      const canvas = make('canvas', { width: Math.floor(width * scale * fine), height: Math.floor(height * scale * fine) });
      await this.source.paint(sheet.number, canvas, scale * fine, drawing);
      if (drawing.gone) return;
      if (this.box.dataset.watermark) drawWatermark(canvas, this.box.dataset.watermark, fine);
      sheet.firstChild.replaceWith(canvas);
      await this.source.layer?.(sheet, scale);
      if (drawing.gone) { sheet.querySelector('.textLayer')?.remove(); return; }
      this.search.mark(sheet);
      sheet.dataset.drawn = 'yes';
    } catch (error) {
      if (!drawing.gone) {
        console.warn(error);
        sheet.append(make('p', { className: 'state', role: 'alert', textContent: t('这一页无法显示，请下载查看。', 'This page cannot be shown: download the file.') }));
        sheet.dataset.drawn = 'no';
      }
    } finally {
      if (sheet.drawing === drawing) sheet.drawing = null;
    }
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const acts = {
      ArrowLeft: () => this.go(this.page - 1), PageUp: () => this.go(this.page - 1),
      ArrowRight: () => this.go(this.page + 1), PageDown: () => this.go(this.page + 1),
      Home: () => this.go(1), End: () => this.go(this.source.count),
      '+': () => this.setZoom(this.zoom * STEP), '=': () => this.setZoom(this.zoom * STEP),
      '-': () => this.setZoom(this.zoom / STEP), 0: () => this.setZoom(1),
      '/': () => this.search.field?.focus(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }
}

const SENTENCES = {
  PasswordException: t('这个 PDF 设了打开密码，不能在线显示，请下载后查看。', 'This PDF asks for a password: download it.'),
  InvalidPDFException: t('这个文件已损坏，不能显示，请下载后核对。', 'This file is damaged: download it.'),
  InvalidStateError: t('这张图片已损坏，不能显示，请下载后核对。', 'This picture is damaged: download it.'),
};

// A note leads to its page here, where the file is open.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('.page-notes a[data-page]');
  if (!link || !last?.source || !last.box.isConnected) return;
  event.preventDefault();
  const papers = document.getElementById('tab-papers');
  if (papers) papers.checked = true; // where the screen has room for one side
  last.go(Number(link.dataset.page));
});

/** Open the files of `root`. */
export function read(root) {
  for (const box of fresh(root, '.reader', 'Reader')) new Reader(box);
}
