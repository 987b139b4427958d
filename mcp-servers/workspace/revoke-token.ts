/** Ends an installation token's life. After this returned nobody can use it. */
export async function revokeToken(apiUrl: string, token: string): Promise<void> {
  const response = await fetch(`${apiUrl}/installation/token`, {
    method: "DELETE",
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: "application/vnd.github+json",
      "X-GitHub-Api-Version": "2022-11-28",
    },
    // Not the call's signal: also a call that was aborted must not leave its token behind.
    signal: AbortSignal.timeout(10_000),
  });
  await response.body?.cancel();
  // 401: the token is not valid, because it expired or was revoked before.
  if (response.status === 204 || response.status === 401) return;
  throw new Error(
    `the repository token was not revoked: GitHub answered ${response.status}. Nothing was run. Try again.`,
  );
}
