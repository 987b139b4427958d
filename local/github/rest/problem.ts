// Refusals in GitHub's words and shape.

export interface FieldError {
  resource: string;
  field: string;
  code: string;
  message?: string;
}

export class Problem extends Error {
  status: number;
  errors: (FieldError | string)[] | undefined;
  headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    more: { errors?: (FieldError | string)[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

export const documentationUrl = "https://docs.github.com/rest";

export function problemBody(problem: Problem) {
  return {
    message: problem.message,
    ...(problem.errors ? { errors: problem.errors } : {}),
    documentation_url: documentationUrl,
    status: String(problem.status),
  };
}

export function notFound(): Problem {
  return new Problem(404, "Not Found");
}

export function forbidden(): Problem {
  return new Problem(403, "Resource not accessible by integration");
}

/** One field that GitHub refuses. A message makes the code "custom". */
export function invalid(resource: string, field: string, code: string, message?: string): Problem {
  const error = { resource, field, code, ...(message ? { message } : {}) };
  return new Problem(422, "Validation Failed", { errors: [error] });
}

/** Throws a 404 instead of going on without the thing. */
export function must<T>(thing: T | undefined): T {
  if (thing === undefined) throw notFound();
  return thing;
}
