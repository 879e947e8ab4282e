import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { checkUserName, linkInNewestMail, newPage, signIn } from '../browser'

it('addresses from a spreadsheet are pasted, judged, and the good ones invited; one of them activates', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await page.getByRole('button', { name: 'Invite people' }).click()
  const box = page.getByLabel('Email addresses')
  const good = Array.from({ length: 40 }, (_, index) => `Person ${index} <person${index}@new.example>`)
  const text = [...good, 'ada@demo.example', 'nonsense', 'person1@new.example'].join('\n')
  await page.evaluate((text) => navigator.clipboard.writeText(text), text)
  await box.press('Control+v')
  await page.getByText('40 ready, 3 with problems').waitFor()
  await page.getByText('Already a member').waitFor()
  await checkAccess(page, 'invite dialog')
  await page.getByRole('button', { name: 'Invite 40 people' }).click()
  await page.getByText('40 people invited').waitFor()
  await checkAccess(page, 'invite result')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  const guest = await newPage()
  await guest.goto(await linkInNewestMail(guest, '/activate'))
  await guest.getByRole('heading', { name: /Welcome to/ }).waitFor()
  await checkUserName(
    guest,
    await guest.locator('form input[type="email"]').inputValue(),
    guest.getByRole('textbox', { name: /^Password/ }),
  )
  await checkAccess(guest, 'activation')
  await guest.getByRole('textbox', { name: /^Password/ }).fill('quiet-harbour-lantern-92')
  await guest.getByRole('button', { name: 'Activate my account' }).click()
  await guest.getByRole('heading', { name: 'Your accounts' }).waitFor()
})

it('a table is dropped as a file: its header is nobody, names stay with their people, and a chip is corrected', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('Email addresses')]
  const drop = async (name: string, bytes: number[]) => {
    const transfer = await page.evaluateHandle(
      ({ name, bytes }) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(bytes)], name, { type: 'text/csv' }))
        return data
      },
      { name, bytes },
    )
    await box.dispatchEvent('drop', { dataTransfer: transfer })
  }
  // As a German spreadsheet writes it: Windows-1252.
  const table = 'Nachname;Vorname;E-Mail\r\nL\xf3pez;Ana;ana@table.example\r\nSmith;Bob;bob.table.example\r\n'
  await drop(
    'people.csv',
    [...table].map((character) => character.charCodeAt(0)),
  )
  await dialog.getByText('1 ready, 1 with problems').waitFor()
  await dialog.getByText('Ana López').waitFor()
  await checkAccess(page, 'a dropped table')

  await dialog.getByRole('button', { name: /^Edit Smith/ }).focus()
  await page.keyboard.press('F2')
  await box.and(page.locator(':focus')).waitFor()
  expect(await box.inputValue()).toBe('Smith;Bob;bob.table.example')
  await box.fill('Bob Smith <bob@table.example>')
  await box.press('Enter')
  await dialog.getByText('2 ready, 0 with problems').waitFor()
  await dialog.getByRole('button', { name: 'Edit "Ana López" <ana@table.example>' }).dblclick()
  expect(await box.inputValue()).toBe('"Ana López" <ana@table.example>')
  await box.press('Enter')
  await dialog.getByText('2 ready, 0 with problems').waitFor()

  await drop('people.xlsx', [0x50, 0x4b, 3, 4, 0])
  await dialog.getByText('people.xlsx isn’t a text file.').waitFor()
  await dialog.getByText('2 ready, 0 with problems').waitFor()
})

it('the Enter of an input method makes no chip and sends nothing', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('Email addresses')]
  await box.fill('kana@ime.example')
  for (const init of [
    { key: 'Enter', isComposing: true },
    { key: 'Enter', keyCode: 229 },
    { key: 'Escape', isComposing: true },
  ])
    await box.evaluate(
      (field, init) => field.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })),
      init,
    )
  expect(await box.inputValue()).toBe('kana@ime.example')
  await box.press('Enter')
  await dialog.getByText('1 ready').waitFor()
  expect(await box.inputValue()).toBe('')
})

it('a list that is too long is said to be, and is taken out again', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('Email addresses')]
  const paste = async (text: string) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text)
    await box.press('Control+v')
  }
  const tooMany = Array.from({ length: 10_001 }, (_, index) => `p${index}@long.example`).join('\n')
  await paste(tooMany)
  await dialog
    .getByRole('alert')
    .getByText(/more than 10000 addresses/)
    .waitFor()
  await dialog.getByText('10,001 lines not checked').waitFor()
  await checkAccess(page, 'too many addresses')
  await dialog.getByRole('button', { name: 'Clear' }).click()
  await box.and(page.locator(':focus')).waitFor()
  await paste('one@long.example two@long.example')
  await dialog.getByText('2 ready').waitFor()
  await paste(tooMany)
  await dialog.getByText('10,002 lines not checked').waitFor()
  await dialog.getByText('one@long.example').waitFor()
  await dialog.getByRole('button', { name: 'Remove what you added last' }).click()
  await dialog.getByText('2 ready').waitFor()
  await dialog.getByRole('button', { name: 'Invite 2 people' }).click()
  await page.getByText('2 people invited').waitFor()
})

it('200 addresses are judged as they come, against the seats that are left', async () => {
  const page = await newPage()
  await signIn(page)
  const seats = (limit: number | null) =>
    page.request.patch('/api/v1/accounts/demo', {
      data: { settings: { seats: { limit, mode: 'hard', counted_from: 'invitation' } } },
      headers: { 'If-Match': '*' },
    })
  const { active, pending } = (await (await page.request.get('/api/v1/accounts/demo')).json()).seats
  const taken = active + pending
  expect((await seats(taken + 150)).ok()).toBe(true)
  await page.goto('/accounts/demo/users?invite=true')
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('Email addresses')]
  const text = Array.from({ length: 200 }, (_, index) => `seat${index}@seats.example`).join('\n')
  await page.evaluate((text) => navigator.clipboard.writeText(text), text)
  await box.press('Control+v')
  await dialog.getByText('150 ready, 50 with problems').waitFor()
  await dialog.getByText('No seats left').first().waitFor()
  await dialog.getByText(`${taken + 150} of ${taken + 150}`).waitFor()
  for (const layer of [`Members: ${active}`, `Pending: ${pending}`, 'This batch: 150'])
    await dialog.getByRole('progressbar', { name: layer, exact: true }).waitFor()
  const leaveOut = dialog.getByLabel('Skip the 50 with problems')
  const invite = dialog.getByRole('button', { name: 'Invite 150 people' })
  await leaveOut.uncheck()
  expect(await invite.isDisabled(), 'some cannot be invited, and nothing is left out').toBe(true)
  await leaveOut.check()
  expect(await invite.isEnabled()).toBe(true)
  await box.fill('ada@demo.example')
  await box.press('Enter')
  await dialog.getByText('150 ready, 51 with problems').waitFor()
  await dialog.getByRole('button', { name: 'Remove problems' }).click()
  await dialog.getByText('150 ready, 0 with problems').waitFor()
  await dialog.getByRole('button', { name: 'Clear' }).click()
  await box.fill('one@seats.example')
  await box.press('Enter')
  await dialog.getByRole('progressbar', { name: 'This batch: 1', exact: true }).waitFor()
  await checkAccess(page, 'seats of an invitation')
  expect((await seats(null)).ok()).toBe(true)
})

it('whoever is invited gets no system, some, or all and future ones; the result is copied', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const dialog = page.getByRole('dialog')
  const box = dialog.getByLabel('Email addresses')
  const reach = (name: string) => dialog.getByRole('radiogroup', { name: 'Systems' }).getByText(name, { exact: true })
  const invite = dialog.getByRole('button', { name: 'Invite 1 person' })
  const send = async (email: string) => {
    await box.fill(email)
    await box.press('Enter')
    await dialog.getByText('1 ready').waitFor()
    await invite.click()
    await dialog.getByText('1 person invited').waitFor()
  }
  await send('none@systems.example')
  await dialog.getByRole('button', { name: 'Copy list' }).click()
  await dialog.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('none@systems.example')
  expect(copied).toContain('Invited')

  await dialog.getByRole('button', { name: 'Invite more' }).click()
  await reach('All').click()
  await dialog.getByText('Includes future systems.').waitFor()
  await send('all@systems.example')
  await dialog.getByRole('button', { name: 'Invite more' }).click()
  await reach('Some').click()
  await dialog.getByText('Choose at least one system, or “None”.').waitFor()
  await box.fill('some@systems.example')
  await box.press('Enter')
  await dialog.getByText('1 ready').waitFor()
  expect(await invite.isDisabled(), 'before a system is chosen').toBe(true)
  await dialog.getByRole('combobox', { name: 'Choose systems' }).click()
  await page.getByRole('option', { name: 'Payroll' }).click()
  await checkAccess(page, 'systems of an invitation')
  await page.keyboard.press('Escape')
  await page.getByRole('listbox').waitFor({ state: 'hidden' })
  await invite.click()
  await dialog.getByText('1 person invited').waitFor()

  await page.goto('/accounts/demo/users?tab=invitations&q=systems.example&sort=email')
  await page.getByText('1–3 of 3').waitFor()
  const systems = (email: string) => page.getByRole('row').filter({ hasText: email }).getByRole('cell').nth(4)
  expect(await systems('all@').innerText()).toBe('All systems')
  expect(await systems('none@').innerText()).toBe('–')
  expect(await systems('some@').innerText()).toBe('Payroll')
})

it('what was typed survives closing the dialog', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel('Email addresses').fill('later@new.example')
  await page.keyboard.press('Enter')
  await page.getByText('1 ready').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByRole('dialog').getByText('later@new.example').waitFor()
})

it('the mail is looked at before it is sent, with the note that is being typed', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByRole('button', { name: 'Preview email' }).click()
  const mail = page.getByRole('region', { name: 'Email preview' })
  await mail
    .getByText(/Demo Company/)
    .first()
    .waitFor()
  await page.getByLabel('Personal note').fill('We begin on Monday.')
  await mail.getByText(/We begin on Monday\./).waitFor()
  await checkAccess(page, 'mail before it is sent')
  await page.getByRole('button', { name: 'Hide preview' }).click()
  await mail.waitFor({ state: 'detached' })
})

it('whoever joins with a German browser stays German, there and everywhere', async () => {
  const [page, guest, elsewhere] = [await newPage(), await newPage({ locale: 'de' }), await newPage()]
  const gerda = { email: 'gerda@new.example', password: 'quiet-harbour-lantern-92' }
  await signIn(page)
  const answer = await page.request.post('/api/v1/accounts/demo/users', {
    data: { emails: gerda.email, role_id: 'builder' },
  })
  expect(answer.ok()).toBe(true)
  await expect.poll(async () => (await page.request.get('/dev/mail')).text()).toContain(gerda.email)
  await guest.goto(await linkInNewestMail(guest, '/activate'))
  await guest.getByLabel('Ihr Name').fill('Gerda Neu')
  await guest.getByRole('textbox', { name: /^Passwort/ }).fill(gerda.password)
  await guest.getByRole('button', { name: 'Mein Konto aktivieren' }).click()
  await guest.getByRole('heading', { name: 'Ihre Konten' }).waitFor()

  await signIn(elsewhere, gerda)
  await elsewhere.goto('/')
  await elsewhere.getByRole('heading', { name: 'Ihre Konten' }).waitFor()
})

it('an address that is being edited is not lost with Escape, nor half of one, and its commas are its own', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByRole('button', { name: 'Invite people' }).click()
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('Email addresses')]
  await box.fill('Hans Meier <hans@chips.example>')
  await box.press('Enter')
  const chip = dialog.getByRole('button', { name: 'Edit "Hans Meier" <hans@chips.example>' })
  await chip.dblclick()
  await chip.waitFor({ state: 'detached' })
  await box.pressSequentially('x')
  // Escape ends the editing, then it closes the dialog over what is half typed.
  await page.keyboard.press('Escape')
  await chip.waitFor()
  await box.fill('half@chips.example')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Invite people' }).click()
  await dialog.getByText('2 ready, 0 with problems').waitFor()
  await chip.dblclick()
  await box.press('Home')
  await box.pressSequentially('"Dr., MD" ')
  await box.press('End')
  await box.pressSequentially(',')
  expect(await box.inputValue()).toBe('"Dr., MD" "Hans Meier" <hans@chips.example>,')
  await box.press('Enter')
  await dialog.getByText('2 ready, 0 with problems').waitFor()
})
