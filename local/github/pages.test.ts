import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const here = { owner, repo };
const attack = `<script>alert("x")</script>`;

async function page(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  return response.text();
}

test("an issue's page shows its Markdown, and nothing in it can act", async () => {
  const { data } = await world.octokit.rest.issues.create({
    ...here,
    title: attack,
    body: attack,
    labels: [attack],
  });
  await world.octokit.rest.issues.createComment({
    ...here,
    issue_number: data.number,
    body: `<!-- hidden -->\n**strong** & [link](javascript:alert(1)) <img src=x onerror=alert(1)> ${attack}\n\n- [x] done\n\n<input value="password">`,
  });
  const html = await page(data.html_url);
  expect(html).not.toContain("<script");
  expect(html).not.toMatch(/<!-- |javascript:|onerror=/);
  expect(html).toContain("<strong>strong</strong>");
  expect(html.match(/<input[^>]*>/g)).toEqual(['<input checked disabled type="checkbox" />']);
  // The title, as heading and in the tab, and the label.
  expect(html.match(/&lt;script&gt;/g)).toHaveLength(3);
  expect(await page(world.url)).toContain(`/${owner}/${repo}/issues/${data.number}`);
});

test("a pull request's page shows commits, checks and the diff", async () => {
  const wanted = { ...here, title: "Fix", head: "feature", base: "main" };
  const { data: pull } = await world.octokit.rest.pulls.create(wanted);
  const output = { title: "Verified", summary: "3 tests passed" };
  const run = { ...here, name: "verify", head_sha: pull.head.sha, conclusion: "success", output } as const;
  await world.octokit.rest.checks.create(run);
  const html = await page(pull.html_url);
  for (const text of ["3 tests passed", "Add instead of subtracting", "src/add.js", "a + b"])
    expect(html).toContain(text);
  expect(await (await fetch(pull.diff_url)).text()).toMatch(/^diff --git/);
});

test("a person clicks a check run's button on the page; another site's page can't", async () => {
  const wanted = { ...here, title: "Fix it", head: "feature", base: "main" };
  const { data: open } = await world.octokit.rest.pulls.list({ ...here, state: "open" });
  const pull = open[0] ?? (await world.octokit.rest.pulls.create(wanted)).data;
  const actions = [{ label: "Retry", description: "Try it again", identifier: "retry" }];
  const run = { ...here, name: "buttons", head_sha: pull.head.sha, conclusion: "failure", actions } as const;
  const { data: made } = await world.octokit.rest.checks.create(run);
  expect(await page(made.html_url ?? "")).toContain('value="retry" title="Try it again">Retry<');
  const click = (origin: string) =>
    fetch(`${made.html_url}/click`, {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams({ login: "maintainer", action: "retry" }),
      redirect: "manual",
    });
  expect((await click("https://evil.example")).status).toBe(403);
  expect((await click(world.url)).status).toBe(303);
  const [delivery] = await world.hooks.until("check_run.requested_action");
  expect(delivery?.payload).toMatchObject({
    requested_action: { identifier: "retry" },
    check_run: { id: made.id },
    sender: { login: "maintainer" },
  });
});

test("a name that only points at the loopback interface is refused", async () => {
  const { request } = await import("node:http");
  const status = await new Promise((resolve) => {
    request(world.url, { headers: { host: "evil.example" } }, ({ statusCode }) => resolve(statusCode)).end();
  });
  expect(status).toBe(421);
});
