import { type Fixture, LLMock } from "@copilotkit/aimock";

type Response = Extract<Fixture["response"], object>;

/** aimock, which speaks both providers' APIs, with these replies in their order. */
export async function fake(...replies: Response[]) {
  const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent" });
  replies.forEach((response, sequenceIndex) => {
    mock.addFixture({ match: { sequenceIndex }, response });
  });
  await mock.start();
  return { url: mock.url, mock, [Symbol.asyncDispose]: () => mock.stop() };
}
