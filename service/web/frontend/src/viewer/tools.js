// Larger, smaller, the whole: buttons, because a wheel is not for everybody.
import { t } from '../shell/common.js';
import { fit } from './draw.js';
import { together } from './linked.js';

/** Put the zoom buttons into the tool row of the diagram's frame. */
export function tools(box, viewer) {
  const row = box.closest('.diagram-frame')?.querySelector('.diagram-tools');
  if (!row) return;
  const canvas = viewer.get('canvas');
  const buttons = [
    [t('放大', 'Larger'), () => widen(box, viewer, 1)],
    [t('缩小', 'Smaller'), () => widen(box, viewer, -1)],
    [t('看全图', 'Whole diagram'), () => fit(box, canvas)],
  ];
  row.querySelectorAll('button').forEach((button) => button.remove());
  row.prepend(...buttons.map(([label, act]) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-small', textContent: label });
    button.addEventListener('click', act);
    return button;
  }));
}

const STEP = 1.5;
const LARGEST = 2;

/** Larger in a wider box, which a finger scrolls; what was in the middle stays there. */
function widen(box, viewer, by) {
  const scale = Math.min(LARGEST, viewer.get('canvas').viewbox().scale * STEP ** by);
  for (const [one, canvas] of together(box, viewer)) {
    const scroll = one.parentElement;
    const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / one.clientWidth;
    fit(one, canvas, scale, Infinity);
    scroll.scrollLeft = middle * one.clientWidth - scroll.clientWidth / 2;
  }
}
