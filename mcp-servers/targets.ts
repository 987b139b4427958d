// TEMP
export type Target = {
  repository: string;
  cluster: string;
  service: string;
  logGroups?: string[];
  alarmPrefix?: string;
  metrics?: { namespace: string; dimensions?: Record<string, string> }[];
};
