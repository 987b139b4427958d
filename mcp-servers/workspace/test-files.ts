// Which files of a repository are tests, and which say how tests are run.

/** Whether a change of this file can weaken something, so that its text is worth reading. */
export function isWorthReading(path: string): boolean {
  return isCi(path) || isTest(path) || configuresTests(path) || isManifest(path);
}

export function isCi(path: string): boolean {
  return /^(\.github\/(workflows|actions)\/|\.circleci\/|\.buildkite\/|\.gitlab-ci\.yml$|\.travis\.yml$|azure-pipelines\.yml$|Jenkinsfile$|bitbucket-pipelines\.yml$)/.test(
    path,
  );
}

export function isTest(path: string): boolean {
  const isCode = /\.(m|c)?[jt]sx?$|\.(py|go|rs|rb|java|kt|scala|cs|php|swift|ex|exs|c|cc|cpp|sh|snap)$/.test(
    path,
  );
  const isInTests = /(^|\/)(__tests__|tests?|specs?|e2e)\//i.test(path);
  const isNamedTest = /[._-](test|spec)\.\w+(\.snap)?$|(^|\/)test_[^/]*\.py$|(Test|Tests|Spec|IT)\.\w+$/.test(
    path,
  );
  return isNamedTest || (isInTests && isCode && !configuresTests(path));
}

/** What says which tests run, and how strict they are. AFU-9's own file says what `verify` runs. */
export function configuresTests(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    path === ".github/afu9.yml" ||
    /^(jest|vitest|vite|karma|playwright|cypress|ava|wdio)\.(config|conf)\.\w+$/.test(name) ||
    /^\.(mocharc|nycrc|c8rc|taprc|coveragerc|rspec|codecov)/.test(name) ||
    /^(pytest\.ini|tox\.ini|conftest\.py|noxfile\.py|phpunit\.xml(\.dist)?|codecov\.ya?ml)$/.test(name)
  );
}

/** What else in a project's file is about its tests: a line for each thing that changed. */
export function manifestChanges({
  path,
  before,
  after,
}: {
  path: string;
  before?: string;
  after?: string;
}): string[] {
  if (before === undefined || !isManifest(path)) return [];
  if (path.endsWith("package.json")) return packageChanges(before, after);
  const section = /^\[(tool\.(pytest|coverage|tox)|tool:pytest|pytest|coverage|testenv)[^\]]*\][^[]*/gm;
  const sections = (text: string) => (text.match(section) ?? []).join("\n");
  return sections(before) === sections(after ?? "") ? [] : ["the configuration of the tests was changed"];
}

function isManifest(path: string): boolean {
  return /(^|\/)(package\.json|pyproject\.toml|setup\.cfg)$/.test(path);
}

function packageChanges(before: string, after: string | undefined): string[] {
  const [old, now] = [testsOf(before), testsOf(after ?? "{}")];
  const changed = Object.keys(old).filter((key) => old[key] !== now[key]);
  return changed.map((key) =>
    now[key] === undefined
      ? `${key} was removed; it was ${old[key]}`
      : `${key} was changed from ${old[key]} to ${now[key]}`,
  );
}

/** The scripts that test, and the settings of test runners, each as text. */
function testsOf(text: string): Record<string, string> {
  const manifest = parsed(text);
  const scripts = Object.entries(parsed(JSON.stringify(manifest.scripts ?? {})));
  const own = scripts.filter(([name]) => /^(pre|post)?test|^(lint|check|typecheck|coverage)\b/.test(name));
  const runners = ["jest", "ava", "mocha", "nyc", "c8", "vitest", "tap"].filter((key) => key in manifest);
  return Object.fromEntries([
    ...own.map(([name, script]) => [`the script ${name}`, JSON.stringify(script)]),
    ...runners.map((key) => [`the setting ${key}`, JSON.stringify(manifest[key])]),
  ]);
}

/** A file that is no JSON says nothing, and then all that it said before is removed. */
function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
