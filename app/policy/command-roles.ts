// Who may do what: the one table. It also has what is still to come, so that a name means the same role from its first day.
import { covers, type Role } from "../../shared/role.ts";

/** The least role in the repository for a command; `label` is for what starts by a label or by assigning the App. */
export const commandRoles = {
  help: "read",
  status: "read",
  why: "read",
  explain: "read",
  config: "read",
  workflows: "read",
  label: "triage",
  plan: "triage",
  // What an approval's own rules ask for comes on top.
  approve: "triage",
  reject: "triage",
  run: "write",
  review: "write",
  cancel: "write",
  pause: "write",
  resume: "write",
  steer: "write",
  retry: "write",
  "fix-ci": "write",
  rebase: "write",
  logs: "write",
  health: "write",
  /** To raise it. To read what was spent takes `read`. */
  budget: "maintain",
  adopt: "maintain",
  deploy: "maintain",
  rollback: "maintain",
} as const satisfies Record<string, Role>;

/** What no repository's configuration hands to somebody with less. All others that change something: `triage`. */
const floors: Record<string, Role> = {
  ...{ help: "read", status: "read", why: "read", explain: "read", config: "read", workflows: "read" },
  ...{ budget: "write", adopt: "write", deploy: "write", rollback: "write" },
};

type Setting = {
  /** The repository's own roles, by command. */
  roles?: Partial<Record<string, Role>>;
  /** Whether everybody can read the repository: then everybody has the role `read`, and what asks a model needs more. */
  isPublic?: boolean;
};

/**
 * The role that a command needs. One that is not in the table is a workflow's, and needs `write`. The repository's
 * configuration may ask for more, or for less down to the command's floor.
 */
export function roleFor(name: string, { roles = {}, isPublic = false }: Setting = {}): Role {
  const known: Record<string, Role> = commandRoles;
  const wanted =
    (Object.hasOwn(roles, name) && roles[name]) || (Object.hasOwn(known, name) && known[name]) || "write";
  const floor = (Object.hasOwn(floors, name) && floors[name]) || "triage";
  const least = isPublic && asksModel.has(name) && floor === "read" ? "triage" : floor;
  return covers(wanted, least) ? wanted : least;
}

const asksModel: ReadonlySet<string> = new Set(["explain"]);
