// A diagram on paper: the whole of it, as wide as the sheet, whatever part of it the screen shows.
import { fit } from './draw.js';

/** The width of an A4 sheet between its margins (print.css), in CSS pixels. */
const SHEET = 672;

/** Show the whole diagram while the page is printed, until `signal`; afterwards the screen stands as before. */
export function printed(box, viewer, signal) {
  const canvas = viewer.get('canvas');
  const scroll = box.parentElement;
  let before = null;
  addEventListener('beforeprint', () => {
    const { x, y, width, height } = canvas.viewbox();
    before = { view: { x, y, width, height }, size: [box.style.width, box.style.height], left: scroll.scrollLeft };
    scroll.style.width = `${SHEET}px`;
    fit(box, canvas);
  }, { signal });
  addEventListener('afterprint', () => {
    if (!before) return;
    scroll.style.width = '';
    [box.style.width, box.style.height] = before.size;
    canvas.resized();
    canvas.viewbox(before.view);
    scroll.scrollLeft = before.left;
    before = null;
  }, { signal });
}
