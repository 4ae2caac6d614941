// Lines and size of names outside their shapes by a rule, and not by the fonts of whoever draws: the same diagram has the
// same bytes and the same lines on every machine, and tidying up gives the sizes that typing gave.
// service/catalog/bpmn/text.py and service/catalog/layout/sizes.py have the rule.
import TextRenderer from 'bpmn-js/lib/draw/TextRenderer';

const LABEL = 96;
const SPARE = 6;
/** Height of one line. */
export const LINE = 14;
const MOST = 8;
const INSIDE = 14;
const ENDLESS = 100000;
const FULL = /[\u00b7\u00d7\u2010-\u2027\u2030\u203b\u2460-\u24ff\u1100-\u115f\u2e80-\uffef]/u;

const widthOf = (line) => [...line].reduce((sum, sign) => sum + (FULL.test(sign) ? 12 : 7), 0);

/** Chinese breaks anywhere, other words at blanks. */
function pieces(text) {
  const found = [];
  for (const sign of text) {
    const last = found.at(-1);
    if (!last || FULL.test(sign) || last.endsWith(' ') || FULL.test([...last].at(-1))) found.push(sign);
    else found[found.length - 1] += sign;
  }
  return found;
}

function wrap(text, width) {
  const lines = [];
  let line = '';
  for (const word of pieces(text)) {
    if (line && widthOf((line + word).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line ? word : word.trimStart();
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines;
}

const widest = (lines) => Math.max(0, ...lines.map(widthOf));

/** A word wider than a line in parts: it has no blank to break at. */
function cut(line, width) {
  const parts = [''];
  for (const sign of line) {
    if (parts.at(-1) && widthOf(parts.at(-1) + sign) > width) parts.push('');
    parts[parts.length - 1] += sign;
  }
  return parts;
}

/** The lines of a name as drawn: of one with more than `most` the first, the last of them ending in an ellipsis. */
function shown(text, width, most) {
  const lines = text.split(/\r?\n/).flatMap((part) => wrap(part, width)).flatMap((line) => cut(line, width));
  if (lines.length <= most) return lines;
  const last = [...lines[most - 1]];
  while (last.length && widthOf(`${last.join('')}…`) > width) last.pop();
  return [...lines.slice(0, most - 1), `${last.join('')}…`];
}

/** The same for a box: outside its shape a name has MOST lines, inside as many as the box is high. */
function linesIn({ width, height }, outside, text) {
  if (outside) return shown(text, Math.max(width, 2 * LINE), MOST);
  return shown(text, Math.max(width - INSIDE, 2 * LINE), Math.max(1, Math.floor((height ?? ENDLESS) / LINE)));
}

/** {width, height} of a name outside its shape: lines of about the same length. */
export function labelSize(text, width = LABEL) {
  let lines = wrap(text, width);
  if (lines.length > 1) {
    const count = lines.length;
    const tried = [];
    for (let narrow = Math.floor(width / 2); narrow <= width; narrow += 6) tried.push(wrap(text, narrow));
    const worse = (one) => [Math.abs(one.length - count), widest(one)];
    lines = tried.reduce((best, one) => {
      const [a, b] = [worse(best), worse(one)];
      return b[0] < a[0] || (b[0] === a[0] && b[1] < a[1]) ? one : best;
    });
  }
  return { width: widest(lines) + SPARE, height: LINE * Math.min(lines.length, MOST) };
}

/** Names are drawn with these lines: diagram-js breaks them by what the font measures, so it is given room without end. */
class RuledText extends TextRenderer {
  constructor(config) {
    super(config);
    const { createText, getDimensions } = this;
    const outside = (options) => options.style?.lineHeight !== undefined;
    const free = (options) => !options.box?.width || options.align?.startsWith('left');
    const ruled = (text, options) => linesIn(options.box, outside(options), text).join('\n');
    const endless = (options) => ({ ...options, box: { ...options.box, width: ENDLESS } });
    this.createText = (text, options = {}) => {
      if (free(options)) return createText(text, options);
      const element = createText(ruled(text, options), endless(options));
      for (const line of element.children) line.setAttribute('x', Number(line.getAttribute('x')) - (ENDLESS - options.box.width) / 2);
      return element;
    };
    this.getDimensions = (text, options = {}) => (free(options) ? getDimensions(text, options) : getDimensions(ruled(text, options), endless(options)));
    this.getExternalLabelBounds = (bounds, text) => {
      const size = labelSize(text ?? '', Math.max(LABEL, Math.round(bounds.width ?? 0)));
      const host = bounds.labelTarget;
      const above = host && !host.waypoints && bounds.y + bounds.height <= host.y;
      return { x: Math.round(bounds.x + bounds.width / 2 - size.width / 2), y: above ? bounds.y + bounds.height - size.height : bounds.y, ...size };
    };
  }
}
RuledText.$inject = ['config.textRenderer'];

export const RuledNames = { textRenderer: ['type', RuledText] };
