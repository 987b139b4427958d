// Every REST operation of this GitHub, as one list. More specific paths come first.
import type { Route } from "../rest/route.ts";
import { actionRoutes } from "./actions.ts";
import { appRoutes } from "./app.ts";
import { assigneeRoutes } from "./assignees.ts";
import { checkRoutes } from "./checks.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentRoutes } from "./deployments.ts";
import { gitRoutes } from "./git.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";
import { pullRoutes } from "./pulls.ts";
import { reactionRoutes } from "./reactions.ts";
import { refRoutes } from "./refs.ts";
import { repositoryRoutes } from "./repositories.ts";
import { reviewRoutes } from "./reviews.ts";
import { searchRoutes } from "./search.ts";
import { teamRoutes } from "./teams.ts";
import { userRoutes } from "./users.ts";

export const routes: Route[] = [
  ...appRoutes,
  ...userRoutes,
  ...teamRoutes,
  ...repositoryRoutes,
  ...contentRoutes,
  ...reactionRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...assigneeRoutes,
  ...issueRoutes,
  ...refRoutes,
  ...gitRoutes,
  ...checkRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...actionRoutes,
  ...deploymentRoutes,
  ...searchRoutes,
];
