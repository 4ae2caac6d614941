// Passwords: looked at while they are typed, and of a new one how strong it seems. What is taken the server alone decides.
import { fresh, make, t } from './common.js';

const SHORTEST = 12;
const STRENGTHS = [
  () => t('太短', 'Too short'),
  () => t('容易被猜中', 'Easily guessed'),
  () => t('一般', 'Fair'),
  () => t('较强', 'Good'),
  () => t('强', 'Strong'),
];
const USUAL = /password|passwd|admin|qwerty|asdf|zxcv|1qaz|welcome|letmein|laurel|guiguan|mima|woaini|zhiliang|zhengfu|nihao|beijing|zhongguo|1314|密码|口令|质量奖|政府|管理员|我爱你|(?:19|20)\d\d/gi;

// Bits that a sign adds; Chinese signs are chosen from some two thousand.
const BITS = [[/\p{Script=Han}/u, 8], [/\p{L}/u, 3.5], [/\d/u, 2.5], [/./su, 4.5]];

/** How strong a password seems, 0 to 4: signs that repeat, follow each other or make up usual words count little. */
function strength(text) {
  const signs = [...text.replace(USUAL, '~')];
  if ([...text].length < SHORTEST) return 0;
  let bits = 0;
  for (const [place, sign] of signs.entries()) {
    const step = sign.codePointAt(0) - (signs[place - 1]?.codePointAt(0) ?? 0);
    const again = Math.abs(step) <= 1 || signs.indexOf(sign) < place;
    bits += again ? 0.5 : BITS.find(([kind]) => kind.test(sign))[1];
  }
  return 1 + [28, 40, 56].filter((least) => bits >= least).length;
}

function eye(input) {
  const button = make('button', { type: 'button', className: 'btn btn-small btn-quiet password-eye' });
  const tell = () => {
    const open = input.type === 'text';
    button.replaceChildren(open ? t('隐藏', 'Hide') : t('显示', 'Show'), make('span', { className: 'visually-hidden', textContent: t('输入的密码', ' the password') }));
  };
  button.addEventListener('click', () => { input.type = input.type === 'text' ? 'password' : 'text'; tell(); });
  // What was looked at is sent, and kept by browsers, as a password.
  input.form?.addEventListener('submit', () => { input.type = 'password'; tell(); });
  tell();
  const row = make('span', { className: 'password-row' });
  input.replaceWith(row);
  row.append(input, button);
  return row;
}

function meter(input, row) {
  const bar = make('meter', { min: 0, max: 4, low: 2, high: 3, optimum: 4 });
  bar.setAttribute('aria-hidden', 'true');
  const said = make('span', { className: 'small mute' });
  const line = make('span', { className: 'password-strength', hidden: true }, bar, said);
  said.setAttribute('role', 'status');
  row.after(line);
  input.addEventListener('input', () => {
    const level = strength(input.value);
    bar.value = level;
    line.hidden = !input.value;
    const words = `${t('强度', 'Strength')}${t('：', ': ')}${STRENGTHS[level]()}`;
    if (said.textContent !== words) said.textContent = words;
  });
}

export function passwords(root) {
  for (const input of fresh(root, 'input[type=password]', 'Password')) {
    const row = eye(input);
    if (input.autocomplete === 'new-password' && input.name !== 'again') meter(input, row);
  }
}
