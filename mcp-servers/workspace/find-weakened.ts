// Says where a change weakens what it is judged by: tests that are gone or skipped, fewer assertions, other test commands,
// another CI. It only tells: there are good reasons for each of these, and a person decides.
import { basename } from "node:path";
import { configuresTests, isCi, isTest, manifestChanges } from "./test-files.ts";

/** A file's text in the base and in the change; undefined where it is not there. */
export type ChangedText = { path: string; before?: string; after?: string };

export type Weakened = { path: string; what: string };

export function findWeakened(files: ChangedText[]): Weakened[] {
  return withoutMoves(files).flatMap((file) => {
    const { path } = file;
    if (isCi(path)) return [{ path, what: `CI was ${verb(file)}` }];
    if (isTest(path)) return inTest(file).map((what) => ({ path, what }));
    if (configuresTests(path)) return [{ path, what: `the configuration of the tests was ${verb(file)}` }];
    return manifestChanges(file).map((what) => ({ path, what }));
  });
}

function inTest({ before, after }: ChangedText): string[] {
  if (after === undefined) return ["the test file was deleted"];
  const [old, now] = [counts(before ?? ""), counts(after)];
  const fewer = (key: "tests" | "assertions") =>
    before !== undefined && now[key] < old[key]
      ? [`${old[key] - now[key]} of ${old[key]} ${key} were removed`]
      : [];
  const more = (key: "skipped" | "focused", what: string) =>
    now[key] > old[key] ? [`${now[key] - old[key]} more ${what}`] : [];
  return [
    ...fewer("tests"),
    ...fewer("assertions"),
    ...more("skipped", "skipped or expected to fail"),
    ...more("focused", "marked so that the others do not run"),
  ];
}

const patterns = {
  tests:
    /\b(?:it|test)(?:\.\w+)*\s*(?:\(|`)|\bdef test_|\bfunc Test\w|#\[(?:\w+::)?test\]|@(?:Parameterized)?Test\b|\[(?:Fact|Theory|Test)\]/g,
  assertions:
    /\bexpect\w*\s*[.(]|\bassert\w*[\s.!(]|\.should\b|\bt\.(?:Error|Fatal|Fail)\w*\(|\brequire\.[A-Z]\w*\(|\bself\.fail\(|\bverify\(/g,
  skipped:
    /\.(?:skip|todo|fixme|failing)\b|\bskip\s*:\s*true|\bx(?:it|test|describe|context|specify)\b|@pytest\.mark\.(?:skip|xfail)|\bpytest\.(?:skip|xfail)\(|@(?:unittest\.)?(?:skip|expectedFailure)|\.skipTest\(|\bt\.Skip\w*\(|#\[ignore|@(?:Disabled|Ignore)\b/g,
  focused: /\b(?:it|test|describe|context|suite)\.only\b|\bf(?:it|describe|context)\s*\(|\bonly\s*:\s*true/g,
};

type Counts = Record<keyof typeof patterns, number>;

/** How often each is in the text. What is commented out does not count. */
function counts(text: string): Counts {
  const code = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/|#(?!\[)|--)/.test(line))
    .join("\n");
  const entries = Object.entries(patterns).map(([key, pattern]) => [key, code.match(pattern)?.length ?? 0]);
  return Object.fromEntries(entries) as Counts;
}

/** A test file that is deleted here and added there under the same name, or with the same text, was moved. */
function withoutMoves(files: ChangedText[]): ChangedText[] {
  const added = files.filter(({ path, before }) => before === undefined && isTest(path));
  const taken = new Map<ChangedText, string>();
  const moved = new Set<ChangedText>();
  for (const file of files) {
    if (file.after !== undefined || file.before === undefined || !isTest(file.path)) continue;
    const target = added.find(
      (one) => !taken.has(one) && (one.after === file.before || basename(one.path) === basename(file.path)),
    );
    if (!target) continue;
    taken.set(target, file.before);
    moved.add(file);
  }
  return files
    .filter((file) => !moved.has(file))
    .map((file) => (taken.has(file) ? { ...file, before: taken.get(file) } : file));
}

function verb({ before, after }: ChangedText): string {
  if (after === undefined) return "deleted";
  return before === undefined ? "added" : "changed";
}
