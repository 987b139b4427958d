import { paragraphs } from "../../shared/language.ts";
import { configPage } from "../config-commit.ts";
import { configNames } from "../config-names.ts";
import { doubtsAbout } from "../doubtful-config.ts";
import { readConfigView } from "../read-config-view.ts";
import { aboutConfig, brokenConfig, configTable, withoutEffect } from "../replies/config.ts";
import type { Command } from "./command.ts";

export const config: Command = {
  name: "config",
  summary: {
    en: "Show the settings that hold here, where each comes from, and what can't be used.",
    de: "Die Einstellungen zeigen, die hier gelten, woher jede kommt und was nicht verwendet werden kann.",
  },
  wish: { en: "show the settings", de: "Die Einstellungen zeigen" },
  async run({ context, deps }) {
    const effective = await deps.configs.effectiveOf(context);
    const { files, broken } = effective;
    const reading = { context, db: deps.db, serverUrl: deps.serverUrl };
    const links = {
      owner: await configPage("owner", files.owner, reading),
      repository: await configPage("repository", files.repository, reading),
    };
    const doubts = doubtsAbout(files.repository?.text ?? "", await configNames(context, deps));
    return paragraphs(
      ...broken.map((one) => brokenConfig(one, files[one.of]?.sha ?? null)),
      configTable(readConfigView(effective, deps), links),
      doubts.length > 0 && withoutEffect(doubts),
      aboutConfig(),
    );
  },
};
