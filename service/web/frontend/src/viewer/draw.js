import './libraries.js';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { t } from '../shell/common.js';
import { LINE, RuledNames } from './labels.js';

// bpmn-js measures labels with this font in order to wrap them: it must be the font that the page draws with.
const FONT = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';
export const TEXT = { defaultStyle: { fontFamily: FONT, fontSize: 12, lineHeight: LINE / 12 }, externalStyle: { fontSize: 12 } };

/** Room around a drawing. */
export const MARGIN = 28;
const LOWEST = 220;
const HIGHEST = 560;
/** The scale at which letters are as large as the small ones of a page: 11 px. */
export const READABLE = 0.92;

/** Show the whole diagram with a margin around it, not smaller than `least`: the box, at most `highest`, rather scrolls. */
export function fit(box, canvas, least = 0, highest = HIGHEST) {
  const { inner } = canvas.viewbox();
  const whole = { x: inner.x - MARGIN, y: inner.y - MARGIN, width: inner.width + 2 * MARGIN, height: inner.height + 2 * MARGIN };
  // Where the height holds it smaller, a box as wide as for `least` would stand half empty.
  const wide = whole.width * Math.min(least, highest / whole.height);
  box.style.width = '';
  if (box.clientWidth < wide) box.style.width = `${Math.ceil(wide)}px`;
  const wanted = (box.clientWidth * whole.height) / whole.width;
  box.style.height = `${Math.min(highest, Math.max(LOWEST, Math.ceil(wanted)))}px`;
  canvas.resized();
  // A small diagram is not blown up: its letters stay as large as those of the page.
  const room = canvas.getSize();
  const scale = Math.min(Math.max(1.1, least), room.width / whole.width, room.height / whole.height);
  const width = room.width / scale;
  const height = room.height / scale;
  canvas.viewbox({ x: whole.x - (width - whole.width) / 2, y: whole.y - (height - whole.height) / 2, width, height });
}

/** Draw the diagram into `box`, fitted; the wheel scrolls the page unless Ctrl is held. */
export async function draw(box, xml) {
  const scroll = document.createElement('div');
  scroll.className = 'diagram-scroll';
  box.replaceWith(scroll);
  scroll.append(box);
  const viewer = new NavigatedViewer({ container: box, textRenderer: TEXT, additionalModules: [RuledNames], zoomScroll: { enabled: false } });
  await viewer.importXML(xml);
  fit(box, viewer.get('canvas'), READABLE, box.dataset.focus ? HIGHEST : Infinity);
  const picture = box.querySelector('svg[data-element-id]') ?? box.querySelector('svg');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', box.dataset.label ?? t('流程图', 'Process diagram'));
  return viewer;
}
