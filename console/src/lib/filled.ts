/**
 * Some browsers and password managers fill in fields without telling the page (Chrome and Firefox on iOS). Whatever a person does next
 * comes past here first: React hears of what stands in the fields by then, before it shows or sends what it knew. It takes no notice of
 * a value that it knows.
 */
function tellWhatIsFilledIn() {
  for (const field of document.querySelectorAll<HTMLInputElement>('input[autocomplete]')) {
    if (field.value) field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

for (const kind of ['pointerdown', 'focusin', 'focusout', 'submit'])
  window.addEventListener(kind, tellWhatIsFilledIn, { capture: true })
