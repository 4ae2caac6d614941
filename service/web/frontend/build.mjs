// node build.mjs [outdir]      DEV=1 adds source maps
import { build } from 'esbuild';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { ADOPTED_STYLES, swap, TRUSTED_ANSWERS } from './swap.mjs';

// One entry per island: a file directly in src/, or one of the studio's directly in src/studio/.
const scripts = (folder) => (fs.existsSync(folder) ? fs.readdirSync(folder) : []).filter((file) => file.endsWith('.js')).map((file) => path.basename(file, '.js'));
const islands = {
  ...Object.fromEntries(scripts('src').map((name) => [name, `src/${name}.js`])),
  ...Object.fromEntries(scripts('src/studio').map((name) => [`studio-${name}`, `src/studio/${name}.js`])),
};
// What a page without a diagram may load, in bytes after gzip -9.
const SHELL_BUDGET = 40 * 1024;

const out = process.argv[2] || '../static/dist';
fs.rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { ...islands, 'pdf.worker': 'pdfjs-dist/legacy/build/pdf.worker.mjs', base: 'src/base.css', favicon: 'src/favicon.svg' },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'esm',
  splitting: true,
  target: 'es2021',
  metafile: true,
  sourcemap: process.env.DEV ? 'linked' : false,
  legalComments: 'linked',
  logLevel: 'warning',
  loader: { '.svg': 'copy', '.eot': 'empty', '.ttf': 'empty', '.woff': 'file', '.woff2': 'file' },
  plugins: [swap([ADOPTED_STYLES, ...TRUSTED_ANSWERS])],
});

// What pdf.js fetches of itself when a file needs it: character maps (Chinese typefaces that are not in the file), typefaces, decoders.
const parts = path.resolve('node_modules/pdfjs-dist');
for (const folder of ['cmaps', 'standard_fonts', 'wasm']) fs.cpSync(path.join(parts, folder), path.join(out, 'pdf', folder), { recursive: true, filter: (file) => !file.endsWith('.wasm') });

const size = (file) => zlib.gzipSync(fs.readFileSync(path.join(out, file)), { level: 9 }).length;
const digest = (file) => crypto.createHash('sha256').update(fs.readFileSync(path.join(out, file))).digest('hex').slice(0, 12);
const files = fs.readdirSync(out).filter((file) => /\.\w+$/.test(file) && !/\.(map|txt)$/.test(file)).sort();
const manifest = Object.fromEntries(files.map((file) => [file, { bytes: fs.statSync(path.join(out, file)).size, gzip: size(file), hash: digest(file) }]));
fs.writeFileSync(path.join(out, 'manifest.json'), JSON.stringify(manifest, null, 1));
for (const [file, { bytes, gzip }] of Object.entries(manifest)) console.log(file.padEnd(24), String(bytes).padStart(9), 'bytes', String(gzip).padStart(8), 'gzip');

const base = path.resolve(out);
const output = Object.entries(metafile.outputs).find(([file]) => path.resolve(file) === path.join(base, 'shell.js'))[1];
const chunks = ['shell.js', ...output.imports.filter((item) => item.kind === 'import-statement').map((item) => path.basename(item.path))];
const total = chunks.reduce((sum, file) => sum + manifest[file].gzip, 0);
console.log(`a page without a diagram loads ${(total / 1024).toFixed(1)} KiB of script (limit ${SHELL_BUDGET / 1024})`);
if (total > SHELL_BUDGET) throw new Error('the shell is over its budget: move code into an island of its own');
