// The edge between the papers and the form, dragged or moved by the arrow keys; the machine remembers where it stood.
import { fresh, make, t } from '../shell/common.js';
import { machine } from '../shell/remembered.js';

const KEPT = 'laurel.beside.share';
const [LEAST, MOST, MIDDLE, STEP] = [25, 70, 50, 5];

class Edge {
  constructor(page) {
    this.page = page;
    this.pane = page.querySelector('.beside');
    this.handle = make('div', { className: 'beside-edge', tabIndex: 0, role: 'separator', title: t('拖动或按左右方向键调整宽度', 'Drag, or press the arrow keys') });
    this.handle.setAttribute('aria-label', t('材料与表单的分界', 'Edge between papers and form'));
    this.handle.setAttribute('aria-orientation', 'vertical');
    this.handle.setAttribute('aria-valuemin', LEAST);
    this.handle.setAttribute('aria-valuemax', MOST);
    this.pane.after(this.handle);
    this.handle.addEventListener('keydown', (event) => this.key(event));
    this.handle.addEventListener('pointerdown', (event) => { event.preventDefault(); this.handle.focus(); this.handle.setPointerCapture(event.pointerId); });
    this.handle.addEventListener('pointermove', (event) => { if (this.handle.hasPointerCapture(event.pointerId)) this.drag(event); });
    this.handle.addEventListener('dblclick', () => this.set(MIDDLE));
    this.set(Number(machine.get(KEPT)) || MIDDLE);
  }

  get mirrored() { return getComputedStyle(this.page).direction === 'rtl'; }

  drag(event) {
    const { left, width } = this.page.getBoundingClientRect();
    const share = ((event.clientX - left) / width) * 100;
    this.set(this.mirrored ? 100 - share : share);
  }

  key(event) {
    const moved = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!moved) return;
    event.preventDefault();
    this.set(this.share + (this.mirrored ? -moved : moved));
  }

  set(share) {
    this.share = Math.round(Math.min(MOST, Math.max(LEAST, share)));
    this.page.style.setProperty('--share', `${this.share}%`);
    this.handle.setAttribute('aria-valuenow', this.share);
    machine.set(KEPT, this.share);
  }
}

// A paper that was asked for from the other side is brought to the front where the screen has room for one side.
function front(event) {
  const papers = event.target.id === 'beside' && document.getElementById('tab-papers');
  if (papers) papers.checked = true;
}

export function edge(root) {
  if (root === document) document.addEventListener('htmx:afterSwap', front);
  for (const page of fresh(root, '.task-page.is-beside', 'Edge')) new Edge(page);
}
