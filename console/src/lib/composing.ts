/**
 * A key with which somebody writes a character of an input method: Enter takes a suggestion, Escape gives it up. It is
 * the input method's alone, so nothing here hears of it. Imported before everything else that listens to keys.
 */
window.addEventListener(
  'keydown',
  (event) => {
    // 229: Safari says so for the Enter that ends the composition, which it no longer calls composing.
    if (!event.isComposing && event.keyCode !== 229) return
    event.stopImmediatePropagation()
    if (event.key === 'Enter' && !event.isComposing) event.preventDefault()
  },
  { capture: true },
)
