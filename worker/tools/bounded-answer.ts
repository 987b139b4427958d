/** An answer was larger than may be taken of its server. */
export class AnswerTooLarge extends Error {
  override name = "AnswerTooLarge";

  constructor(maxBytes: number) {
    super(`its answer has more than the ${maxBytes / 1024 / 1024} MB that are taken`);
  }
}

/** The same response, whose body ends with an error when it grows too large: no more of it is read. */
export function boundedAnswer(
  response: Response,
  maxBytes: number,
  onTooLarge: (error: AnswerTooLarge) => void,
): Response {
  if (!response.body) return response;
  let bytes = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) return controller.enqueue(chunk);
      const error = new AnswerTooLarge(maxBytes);
      onTooLarge(error);
      controller.error(error);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(count), { status, statusText, headers });
}
