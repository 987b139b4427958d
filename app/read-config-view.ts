// The configuration that holds for a repository, value by value: where each comes from, and where the operator's limits bind.
import { type BudgetSettings, budgetLimits } from "../shared/budget.ts";
import { type ConfigSource, sourceOf } from "../shared/config-layers.ts";
import type { EffectiveConfig } from "../shared/effective-config.ts";
import { messageOf } from "../shared/errors.ts";
import { inAll, type Text } from "../shared/language.ts";
import { chooseModel, write } from "../shared/models/choose-model.ts";
import type { ModelChoiceSettings } from "../shared/models/model-settings.ts";
import { pricesOf } from "../shared/models/prices.ts";
import { readYaml } from "../shared/read-yaml.ts";
import { allowedNetwork, boundByOperator, detected, providersEffort } from "./replies/config-notes.ts";

/** `line` is that in the file which it comes from. */
export type ConfigValue = {
  key: string;
  value: unknown;
  source: ConfigSource | "environment";
  line?: number;
  /** What binds it, or what it depends on. */
  note?: Text;
};

type Operator = { budget: BudgetSettings; models: ModelChoiceSettings };

export function readConfigView(effective: EffectiveConfig, operator: Operator): ConfigValue[] {
  const { model: _, budget: __, ...plain } = effective.config;
  const unset = { setup: undefined, verify: undefined };
  return [
    ...leavesOf({ ...unset, ...plain }, []).map(({ path, value }) => ({
      value,
      ...comesFrom(effective, path),
      ...noteOf(path, value),
    })),
    ...modelValues(effective, operator.models),
    ...budgetValues(effective, operator.budget),
  ];
}

type Leaf = { path: string[]; value: unknown };

function leavesOf(value: object, path: string[]): Leaf[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key];
    const isMap = typeof item === "object" && item !== null && !Array.isArray(item);
    return isMap ? leavesOf(item, here) : [{ path: here, value: item }];
  });
}

function comesFrom({ layers, files }: EffectiveConfig, path: string[]) {
  const source = sourceOf(layers, path);
  const file = source === "owner" ? files.owner : files.repository;
  const yaml = source === "default" || !file?.text ? undefined : readYaml(file.text);
  const line = yaml && "value" in yaml ? yaml.lineOf(path) : undefined;
  return { key: path.join("."), source, line };
}

function noteOf([key]: string[], value: unknown): { note?: Text } {
  if (key === "network" && value === true) return { note: allowedNetwork() };
  if ((key === "setup" || key === "verify") && value === undefined) return { note: detected() };
  return {};
}

/** A model that is not allowed is none: what asks for it does not begin. */
function modelValues({ config, ...files }: EffectiveConfig, settings: ModelChoiceSettings): ConfigValue[] {
  const effective = { config, ...files };
  const { provider, name } = config.model;
  const from = comesFrom(effective, ["model", name ? "name" : "provider"]);
  const given = {
    ...from,
    key: "model",
    source: from.source === "default" ? ("environment" as const) : from.source,
  };
  const effort = effortValue(effective, settings);
  try {
    const choice = chooseModel(settings, pricesOf(settings), { repository: config.model });
    return [{ ...given, value: write(choice) }, effort];
  } catch (error) {
    return [
      { ...given, value: [provider, name].filter(Boolean).join(":"), note: inAll(messageOf(error)) },
      effort,
    ];
  }
}

function effortValue(effective: EffectiveConfig, settings: ModelChoiceSettings): ConfigValue {
  const from = comesFrom(effective, ["model", "effort"]);
  if (from.source !== "default") return { ...from, value: effective.config.model.effort };
  const value = settings.AFU9_MODEL_EFFORT;
  return {
    ...from,
    value,
    source: value ? "environment" : "default",
    ...(!value && { note: providersEffort() }),
  };
}

function budgetValues(effective: EffectiveConfig, settings: BudgetSettings): ConfigValue[] {
  const asked = effective.config.budget;
  const { execution } = budgetLimits(settings, asked);
  return (["usd", "tokens"] as const).map((unit) => {
    const from = comesFrom(effective, ["budget", unit]);
    const variable = `AFU9_BUDGET_${unit.toUpperCase()}`;
    const value = execution[unit];
    if (asked[unit] === value) return { ...from, value };
    const note = asked[unit] === undefined ? inAll(variable) : boundByOperator(asked[unit], variable);
    return { ...from, value, source: "environment" as const, note };
  });
}
