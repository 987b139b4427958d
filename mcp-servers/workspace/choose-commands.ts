// How a repository is set up and verified: as its `.github/afu9.yml` says, or what holds beneath it, or as its files suggest.
// Read from the base commit and never from the checkout, so that a change can't weaken what it is verified with.
import { Refusal, ToolFailure } from "../../shared/errors.ts";
import {
  parseRepositoryConfig,
  type RepositoryConfig,
  repositoryConfigPath,
} from "../../shared/repository-config.ts";
import type { WorkspaceDeps } from "./deps.ts";
import { detectCommands } from "./detect-commands.ts";
import { type GitPlace, git } from "./git.ts";
import type { OpenedWorkspace } from "./workspace.ts";

type Chosen = Pick<OpenedWorkspace["setup"], "source" | "commands">;
export type ChosenCommands = {
  setup: Chosen;
  verify: OpenedWorkspace["verify"];
  files: number;
  note?: string;
};

const networkRefused =
  "The repository asks for a network for its commands, and this installation allows it for setup only (AFU9_SANDBOX_NETWORK).";

/** What holds for the repository where a commit's own file says nothing, or can't be used. */
export type CommandDefaults = Partial<Pick<RepositoryConfig, "setup" | "verify" | "network">>;

/** What the commit says where it is heard, or what holds beneath it, or what its files suggest. */
export async function chooseCommands(
  at: GitPlace,
  base: string,
  {
    isNetworkAllowed,
    defaults,
    ownCommands,
  }: Pick<WorkspaceDeps, "isNetworkAllowed"> & { defaults?: CommandDefaults; ownCommands: boolean },
): Promise<ChosenCommands> {
  const paths = await listPaths(at, base);
  const read = (path: string) => git(at, ["cat-file", "blob", `${base}:${path}`]);
  const isHeard = ownCommands && paths.includes(repositoryConfigPath);
  const own = isHeard ? parsed(await read(repositoryConfigPath), defaults) : {};
  const config: CommandDefaults = { ...defaults, ...own };
  const detected = await detectCommands({ paths, read });
  const chosen = (key: "setup" | "verify"): Chosen => {
    const configured = config[key];
    if (configured) return { source: "configured", commands: configured };
    // A file that names one of the two has said what there is: the other is not guessed.
    const commands = config.setup || config.verify ? [] : detected[key];
    return { source: commands.length > 0 ? "detected" : "none", commands };
  };
  const wantsNetwork = config.network ?? false;
  return {
    files: paths.length,
    setup: chosen("setup"),
    verify: { ...chosen("verify"), network: wantsNetwork && isNetworkAllowed },
    ...(wantsNetwork && !isNetworkAllowed && { note: networkRefused }),
  };
}

/** For a checkout that is only read: nothing of what it says is obeyed. */
export async function chooseNone(at: GitPlace, base: string): Promise<ChosenCommands> {
  const none = { source: "none" as const, commands: [] };
  return { files: (await listPaths(at, base)).length, setup: none, verify: { ...none, network: false } };
}

async function listPaths(at: GitPlace, base: string): Promise<string[]> {
  return (await git(at, ["ls-tree", "-r", "--name-only", "-z", base])).split("\0").filter(Boolean);
}

/** What a file says of these. Where it can't be used, the defaults stay in force, if there are any. */
function parsed(text: string, defaults: CommandDefaults | undefined): CommandDefaults {
  try {
    const { setup, verify, network } = parseRepositoryConfig(text);
    return { ...(setup && { setup }), ...(verify && { verify }), ...(network && { network }) };
  } catch (error) {
    if (defaults && error instanceof Refusal) return {};
    if (!(error instanceof Refusal)) throw error;
    throw new ToolFailure(`${error.message}. Correct it on the branch that the work begins from.`);
  }
}
