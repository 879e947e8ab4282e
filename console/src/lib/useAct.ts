import { type UseMutationOptions, type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'

/**
 * A mutation that is carried out once at a time: a second press before the page has drawn the first one does nothing. The
 * `isPending` of a mutation is known only with the next drawing, so that two presses in one frame would send two requests.
 */
export function useAct<Data, Variables = void>(
  options: UseMutationOptions<Data, Error, Variables>,
): UseMutationResult<Data, Error, Variables> {
  const isRunning = useRef(false)
  const { mutationFn } = options
  const mutation = useMutation<Data, Error, Variables>({
    ...options,
    ...(mutationFn && {
      mutationFn: async (variables, context) => {
        try {
          return await mutationFn(variables, context)
        } finally {
          isRunning.current = false
        }
      },
    }),
  })
  return {
    ...mutation,
    mutate: (...asked) => {
      if (isRunning.current) return
      isRunning.current = true
      mutation.mutate(...asked)
    },
  }
}
