// Elements of the page, and how they are changed.

/** @param {string} id */
export function required(id) {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`expected an element #${id}`)
  return element
}

/**
 * @param {Element} element
 * @param {string} markup
 */
export function replaceContent(element, markup) {
  const template = document.createElement('template')
  template.innerHTML = markup
  localise(template.content)
  morphChildren(element, template.content)
}

/**
 * Changes what differs and keeps the rest, so that focus, selection, open details and transitions stay.
 * @param {Node} current
 * @param {Node} wanted
 */
function morphChildren(current, wanted) {
  const old = [...current.childNodes]
  const next = [...wanted.childNodes]
  next.forEach((node, index) => {
    const counterpart = old[index]
    if (!counterpart) current.appendChild(node)
    else if (counterpart.nodeName !== node.nodeName) counterpart.replaceWith(node)
    else morph(counterpart, node)
  })
  for (const surplus of old.slice(next.length)) surplus.remove()
}

/**
 * @param {ChildNode} current
 * @param {ChildNode} wanted
 */
function morph(current, wanted) {
  if (!(current instanceof Element && wanted instanceof Element)) {
    if (current.nodeValue !== wanted.nodeValue) current.nodeValue = wanted.nodeValue
    return
  }
  for (const { name } of [...current.attributes]) {
    const isOpenDetails = name === 'open' && current.nodeName === 'DETAILS'
    if (!wanted.hasAttribute(name) && !isOpenDetails) current.removeAttribute(name)
  }
  for (const { name, value } of wanted.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value)
  }
  morphChildren(current, wanted)
}

/**
 * The server does not know the time zone of who looks.
 * @param {ParentNode} root
 */
export function localise(root) {
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (root.querySelectorAll('time[datetime]'))) {
    const local = new Date(time.dateTime).toLocaleTimeString()
    if (/UTC$/.test(time.textContent)) time.textContent = local
    if (time.title) time.title = local
  }
}
