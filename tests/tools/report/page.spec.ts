// The page in a browser, from a file, without a network. Left out where no browser is installed, but not in CI.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportInput } from '../../../tools/report/html.ts';
import { writeReport } from '../../../tools/report/html.ts';
import { asRealGun, sessionOf } from './session.ts';

const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** A missing browser is no excuse where the whole specification must run. */
const leftOut = !existsSync(browserPath) && process.env['CI'] !== 'true';
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

describe.skipIf(leftOut)('The report in a browser', () => {
  let folder = '';
  let browser: BrowserContext;
  let input: ReportInput;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mesogun-report-'));
    input = await sessionOf(12, ['contact.lost@prick=4']);
    browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: browserPath,
      headless: true,
      viewport: { width: 1200, height: 900 },
      args: [...QUIET, '--disable-component-update', '--disable-sync'],
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(report: ReportInput, name: string): Promise<Page> {
    const path = join(folder, name);
    writeFileSync(path, writeReport(report));
    const page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return page;
  }
  /** What the first canvas of a host shows. */
  const pixels = (page: Page, host: string): Promise<string> =>
    page
      .locator(`#${host} canvas`)
      .first()
      .evaluate((canvas: unknown) => (canvas as { toDataURL(): string }).toDataURL());
  const fill = (page: Page, prick: number): Promise<string> =>
    page
      .locator(`.mark[data-prick="${prick}"] circle`)
      .evaluate(
        (mark: unknown) => (globalThis as unknown as { getComputedStyle(of: unknown): { fill: string } }).getComputedStyle(mark).fill,
      );

  it('opens from a file, draws 8 charts, loads nothing else and complains of nothing', async () => {
    const page = await open(input, 'whole.html');
    expect(await page.locator('canvas').count()).toBe(8);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  });

  it('colours the map by dose when asked, and shows that legend', async () => {
    const page = await open(input, 'colours.html');
    const byDepth = await Promise.all([1, 3, 5, 6].map((prick) => fill(page, prick)));
    await page.getByLabel('dose in tissue').check();
    const byDose = await Promise.all([1, 3, 5, 6].map((prick) => fill(page, prick)));
    expect(byDose).not.toEqual(byDepth);
    expect(await page.locator('.for-dose').isVisible()).toBe(true);
    expect(await page.locator('.for-depth').isVisible()).toBe(false);
  });

  it('redraws for the prick that is chosen: by the list, by a click on the map, by an arrow key', async () => {
    const page = await open(input, 'choose.html');
    await page.locator('#prick').selectOption('1');
    const first = await pixels(page, 'stroke-charts');
    await page.locator('#prick').selectOption('4');
    expect(await pixels(page, 'stroke-charts')).not.toBe(first);
    expect(await page.locator('#prick-says').textContent()).toContain('contact or ring force was lost');
    await page.locator('.mark[data-prick="7"]').click();
    expect(await page.locator('#prick').inputValue()).toBe('7');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#prick').inputValue()).toBe('8');
    expect(await page.locator('.mark.chosen').getAttribute('data-prick')).toBe('8');
    expect(await page.locator('#map-says').textContent()).toContain('Prick 8:');
  });

  it('filters the ledger by word and by kind', async () => {
    const page = await open(input, 'ledger.html');
    await page.locator('#ledger-kind').selectOption('RESULT');
    expect(await page.locator('#ledger tbody tr:visible').count()).toBe(12);
    await page.locator('#ledger-filter').fill('contact');
    expect(await page.locator('#ledger tbody tr:visible').count()).toBe(1);
    expect(await page.locator('#ledger-count').textContent()).toMatch(/^1 of \d+ entries$/);
  });

  it('turns dark and back, with the charts', async () => {
    const page = await open(input, 'dark.html');
    const light = await pixels(page, 'session-charts');
    await page.locator('#theme').click();
    expect(await pixels(page, 'session-charts')).not.toBe(light);
    await page.locator('#theme').click();
    expect(await pixels(page, 'session-charts')).toBe(light);
  });

  it('shows a real gun by its journal: 2 charts, and says what nobody watched', async () => {
    const page = await open(asRealGun(input), 'real.html');
    expect(await page.locator('canvas').count()).toBe(2);
    expect(await page.locator('#stroke-charts').textContent()).toContain('no course within a prick is known');
    expect(complaints).toEqual([]);
  });
});
