import { expect, test } from "@jest/globals";
import { detectCommands } from "./detect-commands.ts";

type Case = [name: string, files: Record<string, string>, setup: string[], verify: string[]];

const tested = JSON.stringify({ scripts: { test: "jest" } });
const venv = "python3 -m venv --system-site-packages .venv";
const pip = ".venv/bin/python -m pip install --quiet";
const ownPytest = `python3 -m pytest --version >/dev/null 2>&1 || { ${venv} && ${pip} pytest; }`;
const pytestFile = "def test_a():\n    assert True\n";
const unittestFile = "import unittest\n";

const cases: Case[] = [
  ["nothing", {}, [], []],
  ["only text", { "README.md": "" }, [], []],
  ["npm with a lock file", { "package.json": tested, "package-lock.json": "" }, ["npm ci"], ["npm test"]],
  ["npm with shrinkwrap", { "package.json": tested, "npm-shrinkwrap.json": "" }, ["npm ci"], ["npm test"]],
  [
    "pnpm",
    { "package.json": tested, "pnpm-lock.yaml": "" },
    ["pnpm install --frozen-lockfile"],
    ["npm test"],
  ],
  ["yarn 1", { "package.json": tested, "yarn.lock": "" }, ["yarn install --frozen-lockfile"], ["npm test"]],
  [
    "yarn 2",
    { "package.json": tested, "yarn.lock": "", ".yarnrc.yml": "" },
    ["yarn install --immutable"],
    ["npm test"],
  ],
  ["bun", { "package.json": tested, "bun.lock": "" }, ["bun install --frozen-lockfile"], ["npm test"]],
  ["no dependencies", { "package.json": tested }, [], ["npm test"]],
  [
    "dependencies without a lock file",
    { "package.json": '{"scripts":{"test":"jest"},"devDependencies":{"jest":"30"}}' },
    ["npm install --no-package-lock"],
    ["npm test"],
  ],
  [
    "npm's placeholder",
    { "package.json": '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' },
    [],
    [],
  ],
  ["no scripts", { "package.json": "{}", "package-lock.json": "" }, ["npm ci"], []],
  ["a package.json that is no JSON", { "package.json": "{" }, [], []],
  ["a package.json that is no object", { "package.json": '"x"' }, [], []],
  ["a package.json in a directory only", { "web/package.json": tested }, [], []],
  [
    "no test script, but a Makefile",
    { "package.json": "{}", Makefile: "test:\n\ttrue\n" },
    [],
    ["make test"],
  ],
  ["pytest without settings", { "tests/test_a.py": pytestFile }, [ownPytest], ["python3 -m pytest"]],
  [
    "pytest by conftest.py",
    { "conftest.py": "", "test_a.py": unittestFile },
    [ownPytest],
    ["python3 -m pytest"],
  ],
  [
    "pytest by requirements",
    { "requirements.txt": "pytest==8\n", "test_a.py": pytestFile },
    [venv, `${pip} -r requirements.txt`],
    ["python3 -m pytest"],
  ],
  [
    "requirements that forgot pytest",
    { "requirements.txt": "flask\n", "requirements-dev.txt": "black\n", "test_a.py": pytestFile },
    [venv, `${pip} -r requirements.txt -r requirements-dev.txt pytest`],
    ["python3 -m pytest"],
  ],
  ["unittest", { "test_a.py": unittestFile }, [], ["python3 -m unittest discover"]],
  [
    "unittest in a package",
    { "tests/__init__.py": "", "tests/test_a.py": unittestFile },
    [],
    ["python3 -m unittest discover"],
  ],
  [
    "unittest in a directory",
    { "tests/test_a.py": unittestFile },
    [],
    ["python3 -m unittest discover -s tests"],
  ],
  [
    "a project without dependencies",
    { "pyproject.toml": '[project]\nname = "x"\ndependencies = []\n', "test_a.py": unittestFile },
    [],
    ["python3 -m unittest discover"],
  ],
  [
    "a project with dependencies",
    {
      "pyproject.toml": '[project]\nname = "x"\ndependencies = [\n  "flask",\n]\n',
      "test_a.py": unittestFile,
    },
    [venv, `${pip} -e .`],
    ["python3 -m unittest discover"],
  ],
  [
    "a project under src",
    { "pyproject.toml": "[build-system]\n", "src/x/__init__.py": "", "tests/test_a.py": pytestFile },
    [venv, `${pip} -e . pytest`],
    ["python3 -m pytest"],
  ],
  [
    "a project with an extra for tests",
    {
      "pyproject.toml":
        '[project]\n[project.optional-dependencies]\ndocs = ["sphinx"]\ntest = [\n"pytest"]\n',
      "test_a.py": pytestFile,
    },
    [venv, `${pip} -e ".[test]"`],
    ["python3 -m pytest"],
  ],
  [
    "a pyproject.toml with a tool's settings only",
    { "pyproject.toml": "[tool.black]\n", "test_a.py": unittestFile },
    [],
    ["python3 -m unittest discover"],
  ],
  ["Python without tests", { "requirements.txt": "flask\n" }, [venv, `${pip} -r requirements.txt`], []],
  ["Go", { "go.mod": "", "go.sum": "" }, ["go mod download"], ["go test ./..."]],
  ["Go without modules", { "go.mod": "" }, [], ["go test ./..."]],
  ["Go with its modules", { "go.mod": "", "go.sum": "", "vendor/modules.txt": "" }, [], ["go test ./..."]],
  ["Rust", { "Cargo.toml": "", "Cargo.lock": "" }, ["cargo fetch --locked"], ["cargo test"]],
  ["Rust without a lock file", { "Cargo.toml": "" }, ["cargo fetch"], ["cargo test"]],
  ["make", { Makefile: "all:\n\ntest: all\n\t./run\n" }, [], ["make test"]],
  ["make without a test", { Makefile: "test := no target\nmytest:\n" }, [], []],
  ["Node before make", { "package.json": tested, Makefile: "test:\n" }, [], ["npm test"]],
];

test.each(cases)("detects %s", async (_, files, setup, verify) => {
  const detected = await detectCommands({
    paths: Object.keys(files),
    read: async (path) => files[path] ?? "",
  });
  expect(detected).toEqual({ setup, verify });
});
