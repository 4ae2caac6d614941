// Words looked for in a file, page after page.
import { make, t } from '../shell/common.js';

const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

export class Search {
  constructor(reader) {
    this.reader = reader;
    this.words = '';
  }

  controls() {
    this.field = make('input', { type: 'search', placeholder: t('在文件中查找', 'Find in the file'), act: () => this.next() });
    this.field.setAttribute('aria-label', this.field.placeholder);
    this.said = make('span', { className: 'small mute', role: 'status' });
    return [this.field, this.said];
  }

  /** Go to the next page that holds the words, round the end of the file. */
  async next() {
    const { list, page, source } = this.reader;
    const words = plain(this.field.value);
    const again = words === this.words;
    this.words = words;
    list.forEach((sheet) => this.mark(sheet));
    this.said.textContent = '';
    if (!words) return;
    for (let step = again ? 1 : 0; step < source.count + 1; step += 1) {
      const number = ((page - 1 + step) % source.count) + 1;
      if (plain(await source.text(number)).includes(words)) {
        this.said.textContent = t(`第${number}页，再按回车找下一处`, `page ${number}; Enter finds the next`);
        this.reader.go(number);
        return;
      }
    }
    this.said.textContent = t('没有找到；扫描件没有文字，找不到内容', 'Not found; a scan holds no text');
  }

  /** Mark the words in a page that is drawn. */
  mark(sheet) {
    const spans = [...sheet.querySelectorAll('.textLayer span')].filter((span) => !span.children.length);
    spans.forEach((span) => span.classList.remove('is-found'));
    if (!this.words) return;
    const lengths = spans.map((span) => plain(span.textContent).length);
    const whole = spans.map((span) => plain(span.textContent)).join('');
    for (let from = whole.indexOf(this.words); from >= 0; from = whole.indexOf(this.words, from + 1)) {
      let start = 0;
      spans.forEach((span, at) => {
        if (start < from + this.words.length && start + lengths[at] > from) span.classList.add('is-found');
        start += lengths[at];
      });
    }
  }
}
