// Each slider and its number say the same, and two versions share a hundred.

/**
 * What was sent is no longer somebody's own: from now on it follows what is declared.
 * @param {HTMLFormElement} form
 */
export function restSliders(form) {
  if (!form.matches('.weights-form')) return
  for (const input of form.querySelectorAll('input')) input.defaultValue = input.value
  form.reset()
}

/** @param {Event} event */
export function followSliders({ target }) {
  if (!(target instanceof HTMLInputElement)) return
  const form = target.closest('.weights-form')
  if (form === null) return
  const numbers = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[type=number]')])
  const moved = numbers.find(({ id }) => id === target.id || id === target.dataset.for)
  if (moved === undefined || target.value === '') return
  const weight = Math.min(100, Math.max(0, Math.round(target.valueAsNumber)))
  for (const number of numbers) {
    const value = String(number === moved ? weight : 100 - weight)
    if (number !== target) number.value = value
    const slider = form.querySelector(`[data-for="${number.id}"]`)
    if (slider instanceof HTMLInputElement) slider.value = value
  }
}
