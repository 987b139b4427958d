// What holds for every API that the model speaks.
import { describe, expect, test } from "@jest/globals";
import { openModel } from "./testing/open-model.ts";
import { speakers } from "./testing/speakers.ts";

const readBoth = {
  text: "Größe 🙂: I read both files, which takes a sentence that is longer than a piece of the stream.",
  calls: [
    { name: "readFile", input: { path: "src/größe.js", from: 1 } },
    { name: "readFile", input: {} },
  ],
};
const done = { text: "Done." };

describe.each(speakers)("$name", ({ ask }) => {
  test.each([{ isStreamed: false }, { isStreamed: true }])(
    "replies come one after the other, with what was said sent back as it came ($isStreamed)",
    async ({ isStreamed }) => {
      await using model = await openModel([readBoth, readBoth, done]);
      const first = await ask(model.url, { isStreamed });
      expect(first.text).toBe(readBoth.text);
      expect(first.calls.map((call) => JSON.parse(call.arguments))).toEqual(
        readBoth.calls.map(({ input }) => input),
      );
      const second = await ask(model.url, { isStreamed, history: first.said });
      const third = await ask(model.url, { isStreamed, history: [...first.said, ...second.said] });
      expect(third).toMatchObject({ text: "Done.", calls: [] });
      const ids = [first, second].flatMap(({ id, calls }) => [id, ...calls.map((call) => call.id)]);
      expect(new Set(ids).size).toBe(6);
    },
  );

  test("a streamed answer is the same as one that is not streamed, on every run", async () => {
    const said = async (isStreamed: boolean) => {
      await using model = await openModel([readBoth]);
      return await ask(model.url, { isStreamed });
    };
    expect(await said(true)).toEqual(await said(false));
  });

  test("an identical request gets its reply again", async () => {
    await using model = await openModel([{ text: "One." }, { text: "Two." }]);
    const first = await ask(model.url);
    expect((await ask(model.url)).text).toBe("One.");
    expect((await ask(model.url, { history: first.said })).text).toBe("Two.");
  });

  test("a prefix that was cached is read again, and a changed byte loses it", async () => {
    const system = "rules ".repeat(2000);
    await using model = await openModel([readBoth, done, done]);
    const first = await ask(model.url, { system });
    expect(first.tokens.cacheRead).toBe(0);
    expect(first.tokens.cacheWrite).toBeGreaterThan(2000);
    const second = await ask(model.url, { system, history: first.said });
    expect(second.tokens.cacheRead).toBe(first.tokens.cacheWrite);
    const other = await ask(model.url, { system: `${system}!`, history: first.said });
    expect(other.tokens.cacheRead).toBe(0);
  });

  test("a script that has run dry is an error that the SDK does not retry", async () => {
    await using model = await openModel([done]);
    const { said } = await ask(model.url);
    const dry = ask(model.url, { history: said, maxRetries: 2 });
    await expect(dry).rejects.toMatchObject({ status: 400 });
    await expect(dry).rejects.toThrow(/has 1 reply and a 2nd was asked for/);
  });

  test("a call without its result is refused", async () => {
    await using model = await openModel([readBoth, done]);
    const { said } = await ask(model.url);
    const isResult = (item: unknown) =>
      /tool_result|function_call_output|tool_call_id/.test(JSON.stringify(item));
    const history = said.filter((item) => !isResult(item));
    await expect(ask(model.url, { history })).rejects.toMatchObject({ status: 400 });
    const words =
      /tool_use.*without|must end with a user|No tool output found|did not have response messages/;
    await expect(ask(model.url, { history })).rejects.toThrow(words);
  });

  test("a result that no call asked for is refused", async () => {
    await using model = await openModel([readBoth, done]);
    const { said } = await ask(model.url);
    const { calls } = await ask(model.url);
    const history = JSON.parse(JSON.stringify(said).replaceAll(calls[1]?.id ?? "", "other_1"));
    const strayed = [...said.slice(0, -1), ...history.slice(-1)];
    await expect(ask(model.url, { history: strayed })).rejects.toMatchObject({ status: 400 });
  });

  test("a key that the API does not know is refused by its name", async () => {
    await using model = await openModel([readBoth, done]);
    const { said } = await ask(model.url);
    const at = said.findIndex((item) => /function_call|tool_calls|tool_use/.test(JSON.stringify(item)));
    const history = said.map((item, index) =>
      index === at ? { ...Object(item), parsed_arguments: {} } : item,
    );
    const refused = ask(model.url, { history });
    await expect(refused).rejects.toThrow(/parsed_arguments(: Extra inputs are not permitted|'\.)/);
  });

  test("the same script gives each of many conversations the case whose name it has", async () => {
    const cases = { "[one]": [{ text: "First." }], "What is wrong": [{ text: "Second." }] };
    await using model = await openModel({ cases });
    expect((await ask(model.url)).text).toBe("Second.");
  });
});
