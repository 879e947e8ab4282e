/** What somebody is called: by their name, and by their address where they have none, or one of blanks alone. */
export const nameOf = ({ name, email }: { name?: string | null | undefined; email: string }) => name?.trim() || email
