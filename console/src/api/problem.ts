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
    super('the server does not answer')
  }
}

/** Something did not come about, and the console itself says why, in the person's language. */
export class Told extends Error {}

/** The server's sentences begin with a small letter and have no full stop: whole ones are made here. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(whole) ? whole : `${whole}.`
}

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
    detail: `the answer ${response.status} ${response.statusText} did not come from Portcullis; something in between refused the request`,
    code: 'foreign_answer',
    request_id: response.headers.get('x-request-id') ?? '',
    errors: [],
  }
}
