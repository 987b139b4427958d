import { dirname } from "node:path";
import type { DetectedCommands, RepositoryFiles } from "./detected-commands.ts";

const settingsFiles = ["pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", "Pipfile"];
const requirementFiles =
  /^(requirements([-_.](dev|test|tests))?|(dev|test)[-_]requirements|requirements\/(dev|test|tests))\.txt$/;
const testFile = /(^|\/)(test_[^/]*|[^/]*_test|tests)\.py$/;
/** More tell nothing new about which library they are written for. */
const testFilesToRead = 20;

export async function pythonCommands(files: RepositoryFiles): Promise<DetectedCommands> {
  const tests = files.paths.filter((path) => testFile.test(path));
  const requirements = files.paths.filter((path) => requirementFiles.test(path));
  const settings = files.paths.filter((path) => settingsFiles.includes(path));
  if (tests.length === 0 && requirements.length === 0 && settings.length === 0)
    return { setup: [], verify: [] };

  const settingsText = await readAll(files, [...settings, ...requirements]);
  const testText = await readAll(files, tests.slice(0, testFilesToRead));
  const usesPytest =
    files.paths.some((path) => /(^|\/)(conftest\.py|pytest\.ini)$/.test(path)) ||
    /pytest/.test(settingsText + testText) ||
    (tests.length > 0 && !/unittest/.test(testText));
  const setup = installation({ requirements, packaging: await packaging(files), usesPytest, settingsText });
  if (tests.length === 0) return { setup, verify: [] };
  return { setup, verify: [usesPytest ? "python3 -m pytest" : unittest(files, tests)] };
}

type Needs = { requirements: string[]; packaging?: string; usesPytest: boolean; settingsText: string };

/** `.venv/bin` is first on the sandbox's PATH, so that `python3` is that of the virtual environment when there is one. */
function installation({ requirements, packaging, usesPytest, settingsText }: Needs): string[] {
  const wanted = [...requirements.map((path) => `-r ${path}`), ...(packaging ? [packaging] : [])];
  const pytest = usesPytest && !/pytest/.test(requirementLines(settingsText)) ? ["pytest"] : [];
  const environment = "python3 -m venv --system-site-packages .venv";
  if (wanted.length > 0) {
    return [environment, `.venv/bin/python -m pip install --quiet ${[...wanted, ...pytest].join(" ")}`];
  }
  if (!usesPytest) return [];
  const install = `${environment} && .venv/bin/python -m pip install --quiet pytest`;
  return [`python3 -m pytest --version >/dev/null 2>&1 || { ${install}; }`];
}

/** Lines that ask for a package, and not such as `[tool.pytest.ini_options]`. */
function requirementLines(text: string): string {
  return text
    .split("\n")
    .filter((line) => /^\s*["']?pytest\b/.test(line))
    .join("\n");
}

/** How pip installs the project itself, if tests need that: for what it depends on, or to find it under `src`. */
async function packaging({ paths, read }: RepositoryFiles): Promise<string | undefined> {
  if (!paths.includes("pyproject.toml")) return paths.includes("setup.py") ? "-e ." : undefined;
  const text = await read("pyproject.toml");
  if (!/^\[(project|build-system)\]/m.test(text)) return undefined;

  const extras = section(text, "project.optional-dependencies");
  const extra = ["test", "tests", "dev"].find((name) => new RegExp(`^${name}\\s*=`, "m").test(extras));
  if (extra) return `-e ".[${extra}]"`;
  const hasDependencies =
    /^dependencies\s*=\s*\[\s*["']/m.test(text) ||
    /^dynamic\s*=.*dependencies/m.test(text) ||
    /^(?!python\s*=)\S+\s*=/m.test(section(text, "tool.poetry.dependencies"));
  return hasDependencies || paths.some((path) => path.startsWith("src/")) ? "-e ." : undefined;
}

/** The lines of one TOML table. */
function section(text: string, name: string): string {
  const [, after = ""] = text.split(`[${name}]\n`);
  return after.split(/^\[/m)[0] ?? "";
}

/** Discovery looks only into packages: a directory of tests without `__init__.py` has to be named. */
function unittest({ paths }: RepositoryFiles, tests: string[]): string {
  const directories = new Set(tests.map((path) => dirname(path)));
  const [only] = directories;
  if (directories.size !== 1 || !only || only === "." || paths.includes(`${only}/__init__.py`)) {
    return "python3 -m unittest discover";
  }
  return `python3 -m unittest discover -s ${only}`;
}

async function readAll({ read }: RepositoryFiles, paths: string[]): Promise<string> {
  return (await Promise.all(paths.map(read))).join("\n");
}
