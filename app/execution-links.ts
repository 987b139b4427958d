// Where links to an execution lead: on to its report on GitHub. This server shows nothing of it, so that who may read the
// repository, and nobody else, reads that.
import { Hono } from "hono";
import { z } from "zod";
import type { Database } from "../shared/db.ts";

/** `githubUrl` is GitHub's address for people. */
export function executionLinks({ db, githubUrl }: { db: Pick<Database, "prisma">; githubUrl: string }): Hono {
  return new Hono().get("/executions/:id", async (c) => {
    const id = z.uuid().safeParse(c.req.param("id"));
    const execution =
      id.success &&
      (await db.prisma.workflowExecution.findUnique({
        where: { id: id.data },
        include: { repository: true },
      }));
    if (!execution) return c.notFound();
    const { repository, issueNumber, commentId } = execution;
    const comment = commentId === null ? "" : `#issuecomment-${commentId}`;
    return c.redirect(`${githubUrl}/${repository.owner}/${repository.name}/issues/${issueNumber}${comment}`);
  });
}
