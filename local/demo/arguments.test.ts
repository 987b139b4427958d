import { expect, test } from "@jest/globals";
import { readArguments } from "./arguments.ts";

const read = (...argv: string[]) => readArguments(argv, "sample.json");

test("without options the demo takes its sample and its script", () => {
  expect(read()).toEqual({ model: { provider: "script", file: "sample.json" }, json: false, exit: false });
});

test("a repository, an issue and a model are taken as they are", () => {
  const args = read("--repo", "a b", "--issue=i.md", "--model", "script:s.json", "--json", "--exit");
  expect(args).toEqual({
    own: { repository: "a b", issue: "i.md" },
    model: { provider: "script", file: "s.json" },
    json: true,
    exit: true,
  });
});

test("the sample can be given to a live model", () => {
  expect(read("--model", "openai")).toMatchObject({ model: { provider: "openai" } });
});

test.each(["--help", "-h"])("%s asks for help, whatever else is there", (option) => {
  expect(read("--repo", "x", option)).toBe("help");
});

test.each([
  [["--repo", "x"], "--repo needs --issue FILE"],
  [["--issue", "x"], "--issue needs --repo PATH"],
  [["--repo", "x", "--issue", "y"], "--repo needs --model"],
  [["--model", "claude"], 'Expected --model anthropic, openai or script:FILE, got "claude".'],
  [["--model", "script:"], "Expected --model"],
  [["--modle", "openai"], "Unknown option '--modle'. npm run demo -- --help"],
  [["--model"], "npm run demo -- --help"],
  [["--json=yes"], "npm run demo -- --help"],
  [["x"], "Unexpected argument 'x'"],
])("the arguments %j are refused in one sentence", (argv, message) => {
  expect(() => read(...argv)).toThrow(message);
});
