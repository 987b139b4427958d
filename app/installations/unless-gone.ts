/** What GitHub answers, or undefined when it says that there is no such thing, or not any more. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: { status?: number }) => {
    if (error.status === 404 || error.status === 410) return undefined;
    throw error;
  });
}
