import { expect, test } from "@jest/globals";
import { type ChangedText, findWeakened } from "./find-weakened.ts";

const found = (...files: ChangedText[]) => findWeakened(files).map(({ path, what }) => `${path}: ${what}`);

const jest = 'test("adds", () => { expect(add(2, 2)).toBe(4); expect(add(1, 1)).toBe(2); });\n';
const pytest = "def test_adds():\n    assert add(2, 2) == 4\n    assert add(1, 1) == 2\n";
const go = 'func TestAdds(t *testing.T) {\n\tif Add(2, 2) != 4 {\n\t\tt.Errorf("no")\n\t}\n}\n';
const manifest = (changed: object) =>
  JSON.stringify({
    name: "x",
    scripts: { test: "jest --ci", build: "tsc" },
    jest: { bail: true },
    ...changed,
  });

test.each<[string, string, string, string, string]>([
  ["a test is skipped", "a.test.ts", jest, jest.replace("test(", "test.skip("), "1 more skipped"],
  ["a test is switched off", "a.test.ts", jest, jest.replace("test(", "xit("), "1 of 1 tests were removed"],
  ["a test becomes a plan", "a.spec.js", jest, jest.replace("test(", "it.todo("), "1 more skipped"],
  [
    "one test runs alone",
    "a.test.ts",
    jest,
    jest.replace("test(", "it.only("),
    "1 more marked so that the others",
  ],
  [
    "an option skips a test",
    "a.test.ts",
    jest,
    jest.replace(", () =>", ", { skip: true }, () =>"),
    "1 more skipped",
  ],
  [
    "an assertion is gone",
    "a.test.ts",
    jest,
    jest.replace(/ expect\(add\(1.*?;/, ""),
    "1 of 2 assertions were removed",
  ],
  [
    "assertions are commented out",
    "tests/a.js",
    jest,
    jest.replaceAll("expect", "\n// expect"),
    "2 of 2 assertions",
  ],
  ["a comment is put around", "a.test.ts", jest, `/* ${jest} */`, "1 of 1 tests were removed"],
  ["a test in Python is skipped", "test_a.py", pytest, `@pytest.mark.skip\n${pytest}`, "1 more skipped"],
  [
    "a condition skips it",
    "test_a.py",
    pytest,
    `@pytest.mark.skipif(True, reason="x")\n${pytest}`,
    "1 more skipped",
  ],
  ["it is expected to fail", "tests/a.py", pytest, `@pytest.mark.xfail\n${pytest}`, "1 more skipped"],
  [
    "an assertion in Python is gone",
    "test_a.py",
    pytest,
    pytest.replace(/ {4}assert add\(1.*\n/, ""),
    "1 of 2 assertions",
  ],
  ["a test in Go is skipped", "a_test.go", go, go.replace("\tif", '\tt.Skip("x")\n\tif'), "1 more skipped"],
  [
    "a test in Rust is ignored",
    "tests/a.rs",
    "#[test]\nfn a() {}",
    "#[test]\n#[ignore]\nfn a() {}",
    "1 more skipped",
  ],
  [
    "a test in Java is off",
    "src/ATest.java",
    "@Test void a() {}",
    "@Disabled @Test void a() {}",
    "1 more skipped",
  ],
  [
    "the test command is changed",
    "package.json",
    manifest({}),
    manifest({ scripts: { test: "true" } }),
    "the script test was changed",
  ],
  [
    "the test command is gone",
    "x/package.json",
    manifest({}),
    manifest({ scripts: {} }),
    "the script test was removed",
  ],
  [
    "jest's settings are changed",
    "package.json",
    manifest({}),
    manifest({ jest: {} }),
    "the setting jest was changed",
  ],
  ["a manifest is no JSON any more", "package.json", manifest({}), "{", "the script test was removed"],
  [
    "pytest's settings are changed",
    "pyproject.toml",
    "[tool.pytest.ini_options]\na = 1\n[x]\n",
    "[x]\n",
    "the configuration of the tests",
  ],
  ["a workflow is changed", ".github/workflows/ci.yml", "on: push\n", "on: {}\n", "CI was changed"],
  ["jest's file is changed", "jest.config.js", "a", "b", "the configuration of the tests was changed"],
  [
    "what verify runs is changed",
    ".github/afu9.yml",
    "verify: x",
    "verify: y",
    "the configuration of the tests was changed",
  ],
])("told: %s", (_, path, before, after, what) => {
  expect(found({ path, before, after }).join("\n")).toContain(`${path}: ${what}`);
});

test.each<[string, ChangedText, string]>([
  ["a test file is deleted", { path: "src/a.test.ts", before: jest }, "the test file was deleted"],
  ["a workflow is deleted", { path: ".github/workflows/ci.yml", before: "x" }, "CI was deleted"],
  ["a workflow is added", { path: ".github/workflows/new.yml", after: "x" }, "CI was added"],
  [
    "a new test is skipped",
    { path: "a.test.ts", after: jest.replace("test(", "test.skip(") },
    "1 more skipped",
  ],
  ["a manifest is deleted", { path: "package.json", before: manifest({}) }, "the script test was removed"],
  [
    "conftest.py is added",
    { path: "tests/conftest.py", after: "x" },
    "the configuration of the tests was added",
  ],
])("told: %s", (_, file, what) => {
  expect(found(file).join("\n")).toContain(`${file.path}: ${what}`);
});

test.each<[string, ChangedText]>([
  ["a test gets more assertions", { path: "a.test.ts", before: jest, after: `${jest}${jest}` }],
  ["a test is changed", { path: "a.test.ts", before: jest, after: jest.replaceAll("add", "sum") }],
  ["a new test", { path: "a.test.ts", after: jest }],
  [
    "a skipped test is run again",
    { path: "a.test.ts", before: jest.replace("test(", "test.skip("), after: jest },
  ],
  ["code is deleted", { path: "src/a.ts", before: jest }],
  ["code loses an assertion", { path: "src/a.py", before: pytest, after: "" }],
  [
    "a dependency is added",
    { path: "package.json", before: manifest({}), after: manifest({ dependencies: { a: "1" } }) },
  ],
  [
    "another script is changed",
    {
      path: "package.json",
      before: manifest({}),
      after: manifest({ scripts: { test: "jest --ci", build: "x" } }),
    },
  ],
  ["a new manifest", { path: "package.json", after: manifest({}) }],
  [
    "a version is changed",
    { path: "pyproject.toml", before: "[project]\nversion = 1\n", after: "[project]\nversion = 2\n" },
  ],
  ["an issue's template", { path: ".github/ISSUE_TEMPLATE/x.md", after: "x" }],
  ["words that look alike", { path: "src/latest.ts", before: "attest(x)", after: "" }],
])("not told: %s", (_, file) => {
  expect(found(file)).toEqual([]);
});

test("a test file that was moved is compared with what it was", () => {
  const moved = (after: string) =>
    found({ path: "src/a.test.ts", before: jest }, { path: "test/a.test.ts", after });
  expect(moved(jest)).toEqual([]);
  expect(moved(jest.replace("test(", "test.skip("))).toEqual([
    "test/a.test.ts: 1 more skipped or expected to fail",
  ]);
  expect(found({ path: "a.test.ts", before: jest }, { path: "b.test.ts", after: jest })).toEqual([]);
});
