// SPDX-License-Identifier: BSD-3-Clause
// The pages in a browser: node page.mjs TOOLS PAGE.html... where TOOLS/node_modules has puppeteer-core and axe-core.
// Nothing leaves the page, print gives one sheet, no text is cut or lies on another, contrast and axe are satisfied.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tools, browserPath, ...pages] = process.argv.slice(2);
const require = createRequire(resolve(tools, 'node_modules', 'x.js'));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const sheets = { a4: [210, 297], letter: [215.9, 279.4] };
const screens = [[1280, 'light'], [1280, 'dark'], [640, 'light'], [360, 'light']];
let failures = 0;

function check(ok, page, rule, found) {
  if (ok) return;
  failures++;
  console.log(`# ${page}: ${rule}${found ? ': ' + found : ''}`);
}

// Runs in the page: what is cut off and what overlaps.
function textFaults() {
  const faults = [], boxes = [];
  const width = document.documentElement.clientWidth;
  const hidden = (e) => e.closest('details:not([open])') && !e.closest('summary');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('title,desc,style') || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const scroll = element.closest('.scroll'), svg = element.closest('svg');
    for (const r of range.getClientRects()) {
      if (r.width < 0.5 || r.height < 0.5) continue;
      const box = { node, svg, text: node.data.trim().slice(0, 40), l: r.left, r: r.right, t: r.top, b: r.bottom };
      if (!scroll && (r.left < -0.5 || r.right > width + 0.5)) faults.push(`'${box.text}' leaves the page`);
      if (svg) {
        const s = svg.getBoundingClientRect();
        if (r.left < s.left - 1 || r.right > s.right + 1 || r.top < s.top - 1 || r.bottom > s.bottom + 1)
          faults.push(`'${box.text}' leaves its chart`);
      }
      boxes.push(box);
    }
  }
  for (let i = 0; i < boxes.length; i++)
    for (let k = i + 1; k < boxes.length; k++) {
      const a = boxes[i], b = boxes[k];
      if (a.node === b.node) continue;
      const x = Math.min(a.r, b.r) - Math.max(a.l, b.l), y = Math.min(a.b, b.b) - Math.max(a.t, b.t);
      const least = Math.min(a.b - a.t, b.b - b.t);
      if (x > 1 && y > 0.3 * least) faults.push(`'${a.text}' lies on '${b.text}'`);
    }
  for (const e of document.querySelectorAll('h1,h2,h3,p,dd,dt,li,th,td,figcaption'))
    if (!hidden(e) && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden')
      faults.push(`'${e.textContent.slice(0, 40)}' is cut`);
  if (document.documentElement.scrollWidth > width + 1) faults.push('the page scrolls sideways');
  return [...new Set(faults)].slice(0, 8);
}

// Runs in the page: axe does not look at text in SVG.
function svgContrastFaults() {
  const channels = (c) => c.match(/[\d.]+/g).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const light = (c) => { const [r, g, b] = channels(c); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const back = light(getComputedStyle(document.body).backgroundColor), faults = [];
  for (const t of document.querySelectorAll('svg text')) {
    const ink = light(getComputedStyle(t).fill);
    const ratio = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
    if (ratio < 4.5) faults.push(`'${t.textContent}' has ${ratio.toFixed(2)}`);
  }
  return faults.slice(0, 5);
}

async function lookAt(browser, file) {
  const page = await browser.newPage(), name = file.split('/').pop();
  const wanted = pathToFileURL(resolve(file)).href;
  page.on('request', (r) => check(r.url() === wanted, name, 'nothing else is requested', r.url()));
  page.on('console', (m) => check(m.type() !== 'error', name, 'nothing is complained about', m.text()));
  await page.setBypassCSP(true);
  for (const [width, scheme] of screens) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(wanted);
    const where = `${name} at ${width} px, ${scheme}`;
    check(true, where, '');
    for (const open of [false, true]) {
      await page.evaluate((o) => document.querySelectorAll('details').forEach((d) => { d.open = o; }), open);
      for (const fault of await page.evaluate(textFaults)) check(false, where, fault);
    }
    for (const fault of await page.evaluate(svgContrastFaults)) check(false, where, 'contrast', fault);
    if (width === 640) continue;
    await page.evaluate(axe);
    const { violations } = await page.evaluate('axe.run()');
    for (const v of violations)
      check(!['serious', 'critical'].includes(v.impact), where, v.id, v.nodes[0].html.slice(0, 160));
  }
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await page.goto(wanted);
  await checkPrint(page, name);
  await page.close();
}

async function checkPrint(page, name) {
  const is_index = await page.evaluate(() => !!document.querySelector('.index'));
  const bytes = Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
  const sheetsPrinted = (bytes.match(/\/Type\s*\/Page\b(?!s)/g) || []).length;
  const box = bytes.match(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/);
  const [w, h] = sheets[name.includes('letter') ? 'letter' : 'a4'];
  check(is_index || sheetsPrinted === 1, name, 'print gives one sheet', `${sheetsPrinted}`);
  check(box && Math.abs(box[1] / 72 * 25.4 - w) < 1 && Math.abs(box[2] / 72 * 25.4 - h) < 1, name,
    'the sheet is the paper', box && box[0]);
  await page.emulateMediaType('print');
  await page.setViewport({ width: Math.round((w - 20) / 25.4 * 96), height: 1000 });
  for (const fault of await page.evaluate(textFaults)) check(false, `${name} in print`, fault);
  const below = await page.evaluate(() => {
    const sheet = document.querySelector('.sheet');
    return sheet ? sheet.scrollHeight - sheet.clientHeight : 0;
  });
  check(below <= 1, name, 'nothing lies below the sheet', `${below} px`);
  const least = await page.evaluate(() => Math.min(352, ...[...document.querySelectorAll('figure svg')]
    .map((s) => s.getBoundingClientRect().height / s.viewBox.baseVal.height * 352)));
  check(least > 200, name, 'charts stay legible in print', `${least.toFixed(0)} of 352 px`);
  await page.emulateMediaType(null);
}

const browser = await puppeteer.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
for (const file of pages) {
  const begun = Date.now();
  await lookAt(browser, file);
  console.log(`# ${file.split('/').pop()} looked at in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}
await browser.close();
console.log(failures ? `${failures} faults` : `${pages.length} pages, no fault`);
process.exit(failures ? 1 : 0);
