import { useEffect } from 'react'

/** The title of the window: the page first, so that tabs can be told apart. */
export function useTitle(page: string) {
  useEffect(() => {
    document.title = page ? `${page} · Portcullis` : 'Portcullis'
  }, [page])
}
