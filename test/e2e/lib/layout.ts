import type { Page } from 'playwright-core';

/** What a finger or a reader could not use on the page: out of its sides, cut off, or under another. */
export function layoutProblems(page: Page, buttons: string): Promise<string[]> {
  return page.evaluate((selector) => {
    const problems: string[] = [];
    const nameOf = (element: Element) =>
      element.textContent?.trim().slice(0, 30) || element.className;
    const isSeen = (element: Element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 && element.checkVisibility();
    };
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) problems.push('the page scrolls sideways');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!;
      if (element.tagName === 'STYLE' || node.textContent!.trim() === '' || !isSeen(element))
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right } = range.getBoundingClientRect();
      if (left < 0 || right > width + 1) problems.push(`"${nameOf(element)}" leaves the screen`);
    }
    const all = [...document.querySelectorAll(selector)].filter(isSeen);
    for (const [at, one] of all.entries()) {
      const a = one.getBoundingClientRect();
      if (a.left < 0 || a.right > width + 1) problems.push(`${nameOf(one)} leaves the screen`);
      for (const other of all.slice(at + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const b = other.getBoundingClientRect();
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) problems.push(`${nameOf(one)} overlaps ${nameOf(other)}`);
      }
    }
    return problems;
  }, buttons);
}
