import { afterAll, beforeAll, expect, it } from 'vitest'
import { choose, startTexts } from '.'
import { answerIn } from './answers'

beforeAll(async () => {
  await startTexts()
  await choose('de')
})
afterAll(() => choose('en'))

it('an answer is said in the language of the page, with its values', () => {
  const short = { code: 'too_short', detail: 'the password is too short', params: { min: 1_200 } }
  expect(answerIn('de', short)).toBe('Das Passwort ist zu kurz. Verwenden Sie mindestens 1.200 Zeichen.')
  const space = { code: 'invalid_email', detail: 'this has a space in it', params: { reason: 'space' } }
  expect(answerIn('de', space)).toBe('Darin steht ein Leerzeichen. Entfernen Sie es.')
  expect(answerIn('de', { ...space, params: { reason: 'one of tomorrow' } })).toBe('Das ist keine E-Mail-Adresse.')
})

it('what a sentence is about is said, in the sentence for its reason', () => {
  const say = (code: string, params: Record<string, unknown>) => answerIn('de', { code, params })
  const seats = (reason: string) => say('over_seat_limit', { taken: 25, limit: 5, reason })
  expect(seats('hard')).toContain('25 Plätze sind belegt, das Limit ist 5.')
  expect(seats('hard')).toContain('bis genug Plätze frei sind')
  expect(seats('soft')).toContain('Einladungen bleiben möglich')
  expect(say('sessions_end', { sessions: 1_500, users: 4 })).toContain('1.500 Sitzungen')
  expect(say('sessions_end', { sessions: 1, users: 1 })).toContain('endet 1 Sitzung')
  expect(say('slug_changes', { before: 'demo', after: 'demo2' })).toMatch(/demo.* demo2/)
  expect(say('wrong_status', { reason: 'disable', found: 'provisioned' })).toContain('„Eingeladen“')
  expect(say('wrong_status', { reason: 'edit', found: 'deleted' })).toContain('Gelöschte Benutzer')
  expect(say('logo_too_large', { bytes: 70_000, max: 65_536 })).toContain('70.000 Bytes')
  expect(say('too_long', { length: 1_001, max: 1_000 })).toContain('1.001 Zeichen')
  expect(say('too_long', { max: 100 })).toContain('höchstens 100 Zeichen')
})

it('times are said in the unit that people wait in', () => {
  const wait = (retry_after: number) => answerIn('de', { code: 'rate_limited', params: { retry_after } })
  expect(wait(47)).toContain('Warten Sie 47 Sekunden')
  expect(wait(3_598)).toContain('Warten Sie 1 Stunde')
  expect(wait(7_201)).toContain('Warten Sie 3 Stunden')
})

it('what has no words here is left to the server', async () => {
  expect(answerIn('de', { code: 'one_of_tomorrow', detail: 'a new one' })).toBeUndefined()
  expect(answerIn('de', { detail: '550 no such mailbox' })).toBeUndefined()
  await choose('en')
  expect(answerIn('en', { code: 'too_short', params: { min: 12 } })).toBeUndefined()
})
