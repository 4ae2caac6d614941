import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { t } from '../shell/common.js';

// bpmn-js measures labels with this font in order to wrap them: it must be the font that the page draws with.
const FONT = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';
const TEXT = { defaultStyle: { fontFamily: FONT, fontSize: 12, lineHeight: 1.25 }, externalStyle: { fontSize: 12 } };

/** Draw the diagram into `box`, fitted; the wheel scrolls the page unless Ctrl is held. */
export async function draw(box, xml) {
  const viewer = new NavigatedViewer({ container: box, textRenderer: TEXT, zoomScroll: { enabled: false } });
  await viewer.importXML(xml);
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  const picture = box.querySelector('svg[data-element-id]') ?? box.querySelector('svg');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', box.dataset.label ?? t('流程图', 'Process diagram'));
  return viewer;
}
