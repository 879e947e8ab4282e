/**
 * Makes the `Idempotency-Key` of wishes: the same wish has the same one, so that whoever presses again, because the answer got
 * lost, has it done once. Another wish is done again.
 */
export function once() {
  let last = { wish: '', key: '' }
  return (wish: unknown) => {
    const text = JSON.stringify(wish)
    if (text !== last.wish) last = { wish: text, key: crypto.randomUUID() }
    return { 'Idempotency-Key': last.key }
  }
}

export type Once = ReturnType<typeof once>
