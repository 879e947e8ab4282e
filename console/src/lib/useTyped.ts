import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'

/**
 * What is typed into a field whose value stands in the address. The address follows a moment later and takes no letter away;
 * where it changes by itself (back, a link, “clear filters”), the field follows it.
 */
export function useTyped(value: string, send: (next: string) => void, wait: number) {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // What this field has sent and what may still arrive.
  const [sent, setSent] = useState([value])
  const [elsewhere, setElsewhere] = useState(0)
  const sendLater = useDebouncedCallback((next: string) => {
    setSent((before) => [...before, next])
    send(next)
  }, wait)
  if (value !== known) {
    setKnown(value)
    const isOwn = sent.includes(value)
    setSent(isOwn ? sent.slice(sent.lastIndexOf(value)) : [value])
    if (!isOwn) {
      setText(value)
      setElsewhere(elsewhere + 1)
    }
  }
  useEffect(() => sendLater.cancel(), [elsewhere]) // eslint-disable-line react-hooks/exhaustive-deps
  const type = (next: string) => {
    setText(next)
    sendLater(next.trim())
  }
  return [text, type] as const
}
