import type { Problem } from '#contracts/base/problem.ts';

/** What the server refused or broke, as it said it (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** No answer came: whether the request took effect is unknown. */
  readonly unanswered: boolean;

  constructor(problem: Problem, unanswered = false) {
    super(problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
    this.unanswered = unanswered;
  }
}

export function problemOf(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined;
}

/** The faulty fields by their path in the form: `/body/input/contact/phone` -> `contact.phone`. */
export function fieldFaults(problem: Problem | undefined): { path: string[]; message: string }[] {
  return (problem?.fields ?? []).map(({ path, message }) => {
    const parts = path.split(/[/.]/).filter(Boolean);
    while (parts[0] === 'body' || parts[0] === 'input') parts.shift();
    return { path: parts, message };
  });
}
