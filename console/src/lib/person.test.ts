import { expect, it } from 'vitest'
import { nameOf } from './person'

it('calls somebody without a name, or with a blank one, by their address', () => {
  const email = 'ana@x.example'
  expect([nameOf({ name: ' Ana ', email }), nameOf({ email })]).toEqual(['Ana', email])
  expect([null, '', ' \u00a0\t'].map((name) => nameOf({ name, email }))).toEqual([email, email, email])
})
