// The size of names outside their shapes by a rule, and not by the fonts of whoever draws: the same diagram has the same
// bytes on every machine, and tidying up gives the sizes that typing gave. service/catalog/layout/sizes.py has the rule.
import TextRenderer from 'bpmn-js/lib/draw/TextRenderer';

const LABEL = 96;
const SPARE = 6;
const LINE = 14;
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
  return { width: widest(lines) + SPARE, height: LINE * lines.length };
}

class Labels extends TextRenderer {
  constructor(config) {
    super(config);
    this.getExternalLabelBounds = (bounds, text) => {
      const size = labelSize(text ?? '', Math.max(LABEL, Math.round(bounds.width ?? 0)));
      return { x: Math.round(bounds.x + bounds.width / 2 - size.width / 2), y: bounds.y, ...size };
    };
  }
}
Labels.$inject = ['config.textRenderer'];

export const SizedLabels = { textRenderer: ['type', Labels] };
