import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { type Server, createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, it, onTestFinished } from 'vitest'
import { ADMIN, newPage, settled } from '../browser'
import { Portcullis, freePort } from '../portcullis'

const PREFIX = '/tools/admin'

for (const strips of [false, true]) {
  it(`below a path, behind a proxy that ${strips ? 'takes it off' : 'leaves it on'}`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'portcullis-prefix-'))
    cpSync(inject('seed'), directory, { recursive: true })
    const port = await freePort()
    const base = `http://localhost:${port}`
    const server = await Portcullis.start(directory, () => ({
      PORTCULLIS__SERVER__PUBLIC_URL: base + PREFIX,
      PORTCULLIS__SECURITY__SECRET_KEY_FILE: join(directory, 'secret.key'),
    }))
    const proxy = await proxyTo(server.base, port, strips)
    onTestFinished(async () => {
      proxy.closeAllConnections()
      proxy.close()
      await server.stop()
      rmSync(directory, { recursive: true, force: true })
    })
    const page = await newPage({ base })
    await page.goto(`${PREFIX}/accounts/demo/users`)
    await page.waitForURL(`**${PREFIX}/sign-in*`)
    await page.getByLabel('Email').fill(ADMIN.email)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('textbox', { name: /^Password/ }).fill(ADMIN.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`**${PREFIX}/accounts/demo/users`)
    await page.getByText('1–10 of').waitFor()
    await page.getByRole('link', { name: 'Roles' }).click()
    await page.waitForURL(`**${PREFIX}/accounts/demo/roles`)
    await page.reload()
    await page.getByRole('link', { name: 'Builder', exact: true }).waitFor()
    await settled(page)
    const asked = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
    expect(asked.filter((url) => !url.startsWith(base + PREFIX))).toEqual([])
    await page.goto(`${PREFIX}/api/docs`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  })
}

/** A proxy that serves one path of its host, as an operator would put it in front; all other paths are somebody else's. */
function proxyTo(target: string, port: number, strips: boolean): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming
    if (url !== PREFIX && !url.startsWith(`${PREFIX}/`)) return void outgoing.writeHead(418).end()
    const path = strips ? url.slice(PREFIX.length) || '/' : url
    const onward = request(`${target}${path}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  return new Promise((listening) => proxy.listen(port, '127.0.0.1', () => listening(proxy)))
}
