import type { Schema } from '../../../api/client'

type Row = Schema['InvitationRow']

/** What the server says about an address. */
export const answerTo = ({ verdict, detail, params }: Row) => ({ code: verdict, detail, params })

type Written = Pick<Row, 'email' | 'name' | 'text'> & { params?: Record<string, unknown> | undefined }

/**
 * A row as text that the server reads as the same person. Whoever was refused because of what stood around them, a header or the
 * line before, gets this label, behind which nobody is invited: without it, and without what stood there, they would be.
 */
export function written({ email, name, text, params }: Written, label: string) {
  if (!email) {
    const line = text.replace(/\s*[\n\r]+\s*/g, ' ')
    return params?.reason === 'other_column' && !line.startsWith(label) ? `${label} ${line}` : line
  }
  return name ? `"${name.replace(/["\\]/g, '\\$&')}" <${email}>` : email
}

/** Whether a comma ends this text, and is none within a quoted name or an address in its brackets. */
export const isWhole = (text: string) =>
  text.includes('@') && !/<[^>]*$/.test(text) && (text.match(/(?<!\\)"/g) ?? []).length % 2 === 0

/** The text of a file that somebody saved from a table, in the encoding that it is likely to have; `undefined`: no text. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes)
  return text.includes('\0') ? undefined : text
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
