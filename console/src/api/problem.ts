import type { components } from './generated/schema'

/** A refusal; its code is one of the server's, or one that the console gives itself. */
type Problem = Omit<components['schemas']['Problem'], 'code'> & { code: string }
export type Part = components['schemas']['ProblemPart']

/** The server said no, in its own words. */
export class Refused extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }

  /** Everything that is wrong with each field, by its JSON pointer. */
  get parts(): Map<string, Part[]> {
    const found = new Map<string, Part[]>()
    for (const part of this.problem.errors ?? []) found.set(part.pointer, [...(found.get(part.pointer) ?? []), part])
    return found
  }
}

/** Nobody answered. */
export class ServerAway extends Error {
  constructor() {
    super('The server isn’t responding.')
  }
}

/** Something did not come about, and the console itself says why, in the person's language. */
export class ConsoleError extends Error {}

export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Refused ? error.problem : undefined
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  const problem = problemOf(error)
  return problem !== undefined && codes.includes(problem.code)
}

/** A refusal that is not the API's: a proxy in between, or a page that is gone. */
export function foreignProblem(response: Response): Problem {
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `The response ${response.status} ${response.statusText} didn’t come from Portcullis. Something in between refused the request.`,
    code: 'foreign_answer',
    request_id: response.headers.get('x-request-id') ?? '',
    errors: [],
  }
}
