import classes from './Avatar.module.css'

/** One or two letters for somebody or something, in a quiet color that stays the same. */
export function Avatar({ name, square = false, size = 26 }: { name: string; square?: boolean; size?: number }) {
  const sum = [...name].reduce((total, letter) => (Math.imul(total, 31) + (letter.codePointAt(0) ?? 0)) | 0, 7)
  const letters = name
    .split(/[\s.@_-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word))
    .slice(0, 2)
    .map((word) => [...word][0])
    .join('')
  return (
    <span
      className={classes.face}
      data-square={square || undefined}
      style={{ '--hue': Math.abs(sum % 12) * 30, '--size': `${size}px` } as React.CSSProperties}
      aria-hidden
    >
      {letters.toUpperCase()}
    </span>
  )
}
