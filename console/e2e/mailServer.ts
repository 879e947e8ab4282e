import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { freePort } from './portcullis'

/** A mail server for one story, which takes every mail but those to one address. Gives its port. */
export async function mailServer(refused: string): Promise<number> {
  const server = createServer((socket) => {
    let isInMail = false
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 mail.example')
    createInterface(socket).on('line', (line) => {
      if (isInMail && line !== '.') return
      isInMail = line === 'DATA'
      if (isInMail) say('354 go on')
      else if (line.startsWith('RCPT') && line.includes(refused)) say('550 5.1.1 no such user')
      else say(line.startsWith('QUIT') ? '221 bye' : '250 fine')
    })
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  return port
}
