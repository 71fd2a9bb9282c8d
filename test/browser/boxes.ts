import type { Page } from 'playwright-core'

/**
 * What a person would see wrong with the boxes of a page: it scrolls sideways, a text is cut off, parts lie over each
 * other, words of a picture run into one another or out of it. Empty when all is well.
 */
export function boxFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(BOX_FAULTS)
}

/** Texts on the stage that are smaller than so many CSS pixels; those of a picture are scaled with it. */
export function smallTexts(page: Page, least: number): Promise<readonly string[]> {
  return page.evaluate(`(${SMALL_TEXTS})(${least})`)
}

const HELPERS = `
  const words = element => element.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40)
  const hasOwnText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.nodeValue.trim() !== '')
  const isSeen = element => element.checkVisibility() && !element.closest('.visually-hidden, .skip, defs, [clip-path]')
  const texts = [...document.querySelectorAll('body *')].filter(element => hasOwnText(element) && isSeen(element))`

const BOX_FAULTS = `(() => {
  ${HELPERS}
  const faults = []
  const root = document.documentElement
  if (root.scrollWidth > innerWidth) faults.push('the page is ' + root.scrollWidth + ' wide of ' + innerWidth)
  const overlap = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  ]
  for (const element of texts) {
    const style = getComputedStyle(element)
    const isShortened = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none'
    const cut = element.scrollWidth - element.clientWidth
    if (!isShortened && style.overflowX !== 'visible' && style.display !== 'inline' && cut > 1) {
      faults.push('cut off: ' + words(element))
    }
    const box = element.getBoundingClientRect()
    if (element.ownerSVGElement === null && !isShortened && (box.left < -1 || box.right > innerWidth + 1)) {
      faults.push('beyond the page: ' + words(element))
    }
  }
  for (const element of document.querySelectorAll('h1, h2, h3, button, .stamp')) {
    if (!isSeen(element)) continue
    const range = document.createRange()
    for (const node of element.childNodes) {
      for (const { index, 0: word } of (node.nodeType === 3 ? node.nodeValue : '').matchAll(/\\S+/g)) {
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        if (range.getClientRects().length > 1 && word.length < 30) faults.push('broken word: ' + word)
      }
    }
  }
  const parts = [...document.querySelectorAll('main > section, .banner > *, .told > *')].filter(isSeen)
  parts.forEach((part, at) => {
    for (const other of parts.slice(at + 1)) {
      if (part.contains(other) || other.contains(part)) continue
      const [x, y] = overlap(part.getBoundingClientRect(), other.getBoundingClientRect())
      if (x > 1 && y > 1) faults.push('one over the other: ' + words(part) + ' | ' + words(other))
    }
  })
  for (const picture of document.querySelectorAll('main svg:not(#dots)')) {
    const frame = picture.getBoundingClientRect()
    const labels = [...picture.querySelectorAll('text')].filter(isSeen)
    labels.forEach((label, at) => {
      const box = label.getBoundingClientRect()
      const isCropped = picture.classList.contains('shelf')
      if (box.right > frame.right + 2 || (!isCropped && box.left < frame.left - 2)) {
        faults.push('out of the picture: ' + words(label))
      }
      for (const other of labels.slice(at + 1)) {
        const [x, y] = overlap(box, other.getBoundingClientRect())
        if (x > 1 && y > box.height * 0.3) faults.push('words run together: ' + words(label) + ' | ' + words(other))
      }
    })
  }
  return faults
})()`

const SMALL_TEXTS = `least => {
  ${HELPERS}
  return texts
    .filter(element => element.closest('main'))
    .map(element => {
      const scale = element.ownerSVGElement ? Math.abs(element.getScreenCTM().a) : 1
      return [words(element), parseFloat(getComputedStyle(element).fontSize) * scale]
    })
    .filter(([, size]) => size < least - 0.01)
    .map(([text, size]) => text + ' (' + size.toFixed(1) + ' px)')
}`
