/** What an answer holds, or undefined when GitHub says that the thing does not exist (any more). */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: { status?: number; type?: string }) => {
    if (error.status === 404 || error.status === 410 || error.type === "NOT_FOUND") return undefined;
    throw error;
  });
}
