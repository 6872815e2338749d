import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBrowser } from '../../scripts/lib/browser.mjs';

describe('findBrowser', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
  const program = path.join(folder, 'google-chrome');

  beforeAll(() => fs.writeFileSync(program, '', { mode: 0o755 }));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  it('takes the one that CHROMIUM_PATH names', () => {
    expect(findBrowser({ CHROMIUM_PATH: program, PATH: '' })).toBe(program);
  });

  it('finds one on the PATH', () => {
    expect(findBrowser({ PATH: `/nowhere${path.delimiter}${folder}` })).toBe(program);
  });

  it('says so when CHROMIUM_PATH names nothing', () => {
    expect(() => findBrowser({ CHROMIUM_PATH: '/nowhere/chromium' })).toThrow(
      'CHROMIUM_PATH is /nowhere/chromium, which is not a program',
    );
  });
});
