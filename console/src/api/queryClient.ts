import { QueryClient } from '@tanstack/react-query'
import { ServerAway } from './problem'

/** Where the person of this page is remembered. */
export const ME = ['me'] as const

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The server may be away for a moment: the page keeps what it shows. A refusal stays a refusal.
      retry: (count, error) => error instanceof ServerAway && count < 3,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
