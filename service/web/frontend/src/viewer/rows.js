// A long diagram in rows, cut where no element stands: each row is a drawing of its own, as wide as the page and large enough
// to read. Each names the lanes that run through it; what stands in another row is not written in it again.
import { make, t } from '../shell/common.js';
import { MARGIN, READABLE, draw } from './draw.js';

const MOST = 9;
const NARROWEST = 700; // on a phone a row would hold too little
const GAP = 6;
const STEP = 20;
const LARGEST = 1.2;
const GUTTER = 24; // where the rows after the first name their lanes
const LOWEST_LANE = 40;
const FRAMES = ['bpmn:Participant', 'bpmn:Lane'];

const isFrame = (one) => FRAMES.includes(one.type) || (one.children?.length && !one.collapsed);
const elementsOf = (viewer) => viewer.get('elementRegistry').filter((one) => one.parent && !isFrame(one));

/** The x at which a diagram from `left` to `right` is cut into parts that fit `wide`; null where nothing can be cut. */
function cutsOf(boxes, left, right, wide) {
  const cuts = [left];
  while (right - cuts.at(-1) > wide) {
    let at = cuts.at(-1) + wide;
    for (let over = true; over;) {
      over = boxes.filter((one) => one.x < at && one.x + one.width > at);
      if (over.length) at = Math.min(...over.map((one) => one.x)) - GAP;
      else over = false;
    }
    if (at <= cuts.at(-1) || cuts.length >= MOST) return null;
    cuts.push(at);
  }
  return [...cuts, right];
}

/** From where to where a part of the diagram reaches down: its elements, and the lines that run through it. */
function heightOf(elements, from, to) {
  const ys = elements.flatMap((one) => {
    if (!one.waypoints) return one.x < to && one.x + one.width > from ? [one.y, one.y + one.height] : [];
    return one.waypoints.slice(1).flatMap((end, n) => {
      const begin = one.waypoints[n];
      return Math.min(begin.x, end.x) < to && Math.max(begin.x, end.x) > from ? [begin.y, end.y] : [];
    });
  });
  return [Math.min(...ys) - MARGIN, Math.max(...ys) + MARGIN];
}

/** The same in as few parts, as equal as the elements allow. */
function equalCuts(boxes, left, right, wide) {
  const fewest = cutsOf(boxes, left, right, wide);
  for (let each = (right - left) / ((fewest?.length ?? 0) - 1); fewest && each < wide; each += STEP) {
    const cuts = cutsOf(boxes, left, right, each);
    if (cuts?.length === fewest.length) return cuts;
  }
  return fewest;
}

function frame(box, viewer, part, scale) {
  const canvas = viewer.get('canvas');
  box.style.width = `${Math.floor(part.width * scale)}px`;
  box.style.height = `${Math.ceil(part.height * scale)}px`;
  canvas.resized();
  canvas.viewbox({ x: part.x, y: part.y, width: box.clientWidth / scale, height: box.clientHeight / scale });
}

/** Write the lanes beside a row, where they run through it. */
function nameLanes(box, viewer, part, scale) {
  const lanes = viewer.get('elementRegistry').filter((one) => one.type === 'bpmn:Lane' && !one.children.some((inner) => inner.type === 'bpmn:Lane'));
  for (const lane of lanes) {
    const top = Math.max(lane.y, part.y);
    const height = Math.min(lane.y + lane.height, part.y + part.height) - top;
    if (height < LOWEST_LANE) continue;
    const name = make('div', { className: 'diagram-lane', textContent: lane.businessObject.name ?? '' });
    name.style.top = `${(top - part.y) * scale}px`;
    name.style.height = `${height * scale}px`;
    box.before(name);
  }
}

/** Leave out the words of what does not reach into a row. */
function leaveOut(viewer, from, to, isFirst) {
  const registry = viewer.get('elementRegistry');
  for (const one of registry.filter((each) => each.parent)) {
    const xs = one.waypoints ? one.waypoints.map(({ x }) => x) : [one.x, one.x + one.width];
    const inside = isFrame(one) ? isFirst : Math.min(...xs) < to && Math.max(...xs) > from;
    if (!inside) registry.getGraphics(one).querySelectorAll(':scope > .djs-visual text').forEach((text) => text.remove());
  }
}

/** Draw a diagram that is too wide to be read in rows; returns each row's viewer with what stands in it, [] where it fits. */
export async function drawRows(box, xml, viewer) {
  const { inner } = viewer.get('canvas').viewbox();
  const room = box.closest('.diagram-scroll').clientWidth;
  if (room < NARROWEST) return [];
  const elements = elementsOf(viewer);
  const boxes = elements.filter((one) => !one.waypoints);
  const cuts = equalCuts(boxes, inner.x - GAP, inner.x + inner.width + GAP, (room - GUTTER) / READABLE);
  if (!cuts || cuts.length < 3) return [];
  const widest = Math.max(...cuts.slice(1).map((to, n) => to - cuts[n]));
  const scale = Math.max(READABLE, Math.min(LARGEST, (room - GUTTER) / widest));
  const rows = [];
  for (const [n, from] of cuts.slice(0, -1).entries()) {
    const to = cuts[n + 1];
    const [top, bottom] = heightOf(elements, from, to);
    const part = { x: from, y: top, width: to - from, height: bottom - top };
    const row = n ? make('div', { className: 'diagram' }) : box;
    if (n) {
      row.dataset.label = t(`流程图第${n + 1}行`, `Diagram, row ${n + 1}`);
      rows.at(-1).box.closest('.diagram-scroll').after(row);
    }
    const drawn = n ? await draw(row, xml) : viewer;
    row.closest('.diagram-scroll').classList.add('diagram-row');
    frame(row, drawn, part, scale);
    if (n) nameLanes(row, drawn, part, scale);
    leaveOut(drawn, from, to, !n);
    rows.push({ box: row, viewer: drawn, holds: new Set(elements.filter((one) => middle(one) >= from && middle(one) < to).map((one) => one.id)) });
  }
  return rows;
}

const middle = (one) => (one.waypoints ? one.waypoints[0].x : one.x + one.width / 2);
