/** The mark of the product: a gate. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="var(--mantine-color-accent-6)" />
      <path
        d="M8 25V14a8 8 0 0 1 16 0v11M13.3 8.5V25M18.7 8.5V25M8 15h16M8 20h16"
        fill="none"
        stroke="#fff"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}
