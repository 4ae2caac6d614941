// The modeler of one diagram: bpmn-js with our language, our extensions, and nothing that the engine would not carry out.
import '../../viewer/libraries.js';
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import minimap from 'diagram-js-minimap';
import { t } from '../../shell/common.js';
import { TEXT } from '../../viewer/draw.js';
import { RuledNames } from '../../viewer/labels.js';
import { OnlyRunnable } from './allowed.js';
import { SharedClipboard } from './clipboard.js';
import { Chinese } from './language.js';
import { Redrawing } from './redraw.js';
import spiffworkflow from './spiffworkflow.json';

const chinese = !document.documentElement.lang.startsWith('en');

/** Return a modeler in `container`, still empty; one that only shows where nothing may be changed. */
export function createModeler(container, editable = true) {
  const Kind = editable ? Modeler : NavigatedViewer;
  const drawing = editable ? [OnlyRunnable, Redrawing, SharedClipboard] : [];
  return new Kind({
    container,
    textRenderer: TEXT,
    moddleExtensions: { spiffworkflow },
    additionalModules: [RuledNames, ...drawing, minimap, ...(chinese ? [Chinese] : [])],
  });
}

/** Open `xml`; a diagram of which something would be lost, or that cannot be drawn, is not opened: the Error says why. */
export async function openInto(modeler, xml) {
  const { warnings } = await modeler.importXML(xml).catch(() => { throw new Error(undrawn()); });
  if (warnings.length) throw new Error(refusal(warnings[0]));
}

function undrawn() {
  return t('这张图画不出来：文件里的错误列在右边。在“历史”中可以恢复到能打开的那一次，也可以删除这张图、重新导入改好的文件。', 'This diagram cannot be drawn; what is wrong in its file stands at the right. Restore a version that opens under History, or remove the diagram and import the file anew once it is mended.');
}

function refusal({ message, element, property }) {
  const where = element?.id ?? property ?? '';
  const place = where ? t(`图形“${where}”`, `Element “${where}”`) : t('图中有一处', 'Something in the diagram');
  return t(`${place}无法完整读入（${message}）。为避免丢失内容，本图未打开；请用“导入”逐项修复后再编辑。`, `${place} cannot be read in full (${message}). It was not opened, lest something be lost; mend it by importing it.`);
}

const MARGIN = 20;

/** What the palette covers: {left} as a column at the left, {below} as a strip on a phone; nothing where there is none. */
function covered(canvas) {
  const palette = canvas.getContainer().querySelector('.djs-palette');
  if (!palette?.offsetWidth) return { left: 0, below: 0 };
  const beside = palette.offsetWidth < canvas.getSize().width / 2;
  return beside ? { left: palette.offsetLeft + palette.offsetWidth, below: 0 } : { left: 0, below: palette.offsetHeight };
}

/** Show the whole drawing in what the palette leaves free: a column at the left, on a phone a strip below. */
export function showWhole(modeler) {
  const canvas = modeler.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  const { width, height } = canvas.getSize();
  const { left, below } = covered(canvas);
  const { inner } = canvas.viewbox();
  if (!(left || below) || !inner.width) return;
  const room = { width: width - left - 2 * MARGIN, height: height - below - 2 * MARGIN };
  const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
  if (scale <= 0) return;
  const spare = { x: (room.width - inner.width * scale) / 2, y: (room.height - inner.height * scale) / 2 };
  canvas.viewbox({ x: inner.x - (left + MARGIN + spare.x) / scale, y: inner.y - (MARGIN + spare.y) / scale, width: width / scale, height: height / scale });
}

const READABLE = 0.6;

/** Show the whole drawing where its names can be read then, else the start of the main way. */
export function lookAtStart(modeler) {
  const canvas = modeler.get('canvas');
  const start = modeler.get('elementRegistry').find((element) => element.type === 'bpmn:StartEvent' && !element.businessObject.$parent?.triggeredByEvent);
  const { width, height } = canvas.getSize();
  const { inner } = canvas.viewbox();
  const { left } = covered(canvas);
  const whole = Math.min((width - left) / (inner.width + 60), height / (inner.height + 60));
  if (!start || whole >= READABLE) { showWhole(modeler); return; }
  const shown = { width: width / READABLE, height: height / READABLE };
  const beside = (left + MARGIN) / READABLE;
  canvas.viewbox({ x: (start.x - inner.x < (shown.width - beside) / 2 ? inner.x : start.x) - beside, y: Math.max(inner.y - MARGIN, start.y - shown.height / 2), ...shown });
}
