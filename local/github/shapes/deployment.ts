import { type Deployment, type DeploymentStatus, type Hub, nodeId, type Repository } from "../hub.ts";
import { showAccount } from "./account.ts";
import { repositoryApi } from "./repository.ts";

export function showDeployment(hub: Hub, repository: Repository, deployment: Deployment) {
  const api = repositoryApi(hub, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("DE", deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: api,
    creator: showAccount(hub, deployment.author),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: false,
    production_environment: deployment.environment === "production",
  };
}

export function showDeploymentStatus(
  hub: Hub,
  repository: Repository,
  { id, environment }: Deployment,
  status: DeploymentStatus,
) {
  const api = repositoryApi(hub, repository);
  const deployment = `${api}/deployments/${id}`;
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DES", status.id),
    state: status.state,
    creator: showAccount(hub, status.author),
    description: status.description,
    environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deployment,
    repository_url: api,
  };
}
