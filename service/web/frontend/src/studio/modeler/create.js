// The modeler of one diagram: bpmn-js with our language, our extensions, and nothing that the engine would not carry out.
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import minimap from 'diagram-js-minimap';
import { t } from '../../shell/common.js';
import { TEXT } from '../../viewer/draw.js';
import { OnlyRunnable } from './allowed.js';
import { SharedClipboard } from './clipboard.js';
import { SizedLabels } from './labels.js';
import { Chinese } from './language.js';
import { Redrawing } from './redraw.js';
import spiffworkflow from './spiffworkflow.json';

const PALETTE = 150;
const chinese = !document.documentElement.lang.startsWith('en');

/** Return a modeler in `container`, still empty; one that only shows where nothing may be changed. */
export function createModeler(container, editable = true) {
  const Kind = editable ? Modeler : NavigatedViewer;
  const drawing = editable ? [OnlyRunnable, SizedLabels, Redrawing, SharedClipboard] : [];
  return new Kind({
    container,
    textRenderer: TEXT,
    moddleExtensions: { spiffworkflow },
    additionalModules: [...drawing, minimap, ...(chinese ? [Chinese] : [])],
  });
}

/** Open `xml`; a diagram of which something would be lost is not opened: the Error names the element. */
export async function openInto(modeler, xml) {
  const { warnings } = await modeler.importXML(xml);
  if (warnings.length) throw new Error(refusal(warnings[0]));
}

function refusal({ message, element, property }) {
  const where = element?.id ?? property ?? '';
  const place = where ? t(`图元“${where}”`, `Element “${where}”`) : t('图中有一处', 'Something in the diagram');
  return t(`${place}无法完整读入（${message}）。为避免丢失内容，本图未打开；请用“导入”逐项修复后再编辑。`, `${place} cannot be read in full (${message}). It was not opened, lest something be lost; mend it by importing it.`);
}

const MARGIN = 20;

/** Show the whole drawing in what the palette leaves free: a column at the left, on a phone a strip below. */
export function showWhole(modeler) {
  const canvas = modeler.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  const { width, height } = canvas.getSize();
  const palette = canvas.getContainer().querySelector('.djs-palette');
  const { inner } = canvas.viewbox();
  if (!palette?.offsetWidth || !inner.width) return;
  const beside = palette.offsetWidth < width / 2;
  const left = beside ? palette.offsetLeft + palette.offsetWidth : 0;
  const room = { width: width - left - 2 * MARGIN, height: height - (beside ? 0 : palette.offsetHeight) - 2 * MARGIN };
  const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
  if (scale <= 0) return;
  const spare = { x: (room.width - inner.width * scale) / 2, y: (room.height - inner.height * scale) / 2 };
  canvas.viewbox({ x: inner.x - (left + MARGIN + spare.x) / scale, y: inner.y - (MARGIN + spare.y) / scale, width: width / scale, height: height / scale });
}

/** Show the start of the main way at full size, where names can be read. */
export function lookAtStart(modeler) {
  const canvas = modeler.get('canvas');
  const start = modeler.get('elementRegistry').find((element) => element.type === 'bpmn:StartEvent' && !element.businessObject.$parent?.triggeredByEvent);
  const { width, height } = canvas.getSize();
  const { inner } = canvas.viewbox();
  const whole = Math.min(width / (inner.width + 60), height / (inner.height + 60));
  if (!start || whole >= 0.8) { showWhole(modeler); return; }
  canvas.viewbox({ x: start.x - (width > 600 ? PALETTE : 20), y: Math.max(inner.y - 20, start.y - height / 2), width, height });
}
