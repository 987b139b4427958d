// What worker and MCP servers say to each other beside a tool's arguments and result, as keys of `_meta`.

/** In a tool's `_meta`: the caller has to send a repository token. */
export const needsRepositoryTokenKey = "afu9/needs-repository-token";
/** In a request's `_meta`: that token. It is never logged, and no row holds it. */
export const repositoryTokenKey = "afu9/repository-token";
/** In a failed result's `_meta`: the fault may pass, so the same call may work later. */
export const retryableKey = "afu9/retryable";
/** Beside it, where that is known: how many seconds it will not work yet. */
export const retryAfterKey = "afu9/retry-after-seconds";
