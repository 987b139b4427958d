// Every REST operation of this GitHub, as one list. More specific paths come first.
import type { Route } from "../rest/route.ts";
import { appRoutes } from "./app.ts";
import { checkRoutes } from "./checks.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { gitRoutes } from "./git.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";
import { pullRoutes } from "./pulls.ts";
import { reactionRoutes } from "./reactions.ts";
import { refRoutes } from "./refs.ts";
import { repositoryRoutes } from "./repositories.ts";
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
  ...issueRoutes,
  ...refRoutes,
  ...gitRoutes,
  ...checkRoutes,
  ...commitRoutes,
  ...pullRoutes,
];
