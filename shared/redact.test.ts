import { expect, test } from "@jest/globals";
import { createRedact } from "./redact.ts";

const redact = createRedact();
const pem = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED

MIIEpAIBAAKCAQEA7bq2+abc/def==
-----END RSA PRIVATE KEY-----`;
const jwt = `eyJhbGciOiJIUzI1NiJ9.${"eyJzdWIiOiIxIn0"}.${"c2lnbmF0dXJl"}`;

test.each([
  ["a GitHub token", `ghp_${"a1".repeat(18)}`],
  ["an OAuth token", `gho_${"a1".repeat(18)}`],
  ["an installation's token", `ghs_${"a1".repeat(18)}`],
  ["an installation's token since 2026", `ghs_123456_${jwt.replaceAll("In0", "In0_-".repeat(80))}`],
  ["a fine-grained token", `github_pat_${"a1_".repeat(20)}`],
  ["an AWS key id", "AKIAIOSFODNN7EXAMPLE"],
  ["Anthropic's key", `sk-ant-api03-${"aB3-_".repeat(10)}`],
  ["OpenAI's key", `sk-proj-${"aB3".repeat(12)}`],
  ["a signed token", jwt],
  ["a private key", pem],
  ["a private key on one line", pem.replaceAll("\n", "\\n")],
])("%s is removed wherever it stands", (_what, secret) => {
  expect(redact.text(`before ${secret}, after`)).toBe("before [removed], after");
  expect(redact.value({ deep: [{ text: secret }], [secret]: 1 })).toEqual({
    deep: [{ text: "[removed]" }],
    "[removed]": 1,
  });
});

test("a private key whose end was cut off is removed as far as it goes", () => {
  expect(redact.text(pem.slice(0, 70))).toBe("[removed]");
});

test.each([
  ["Authorization: Bearer a7Xq9-Zt3vLm", "Authorization: Bearer [removed]"],
  [
    "curl -H 'authorization: token a7Xq9-Zt3vLm' https://x",
    "curl -H 'authorization: token [removed]' https://x",
  ],
  ["Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=0123456789abcdef", /Signature=\[removed\]$/],
  ["Authorization=Basic dXNlcjpwYXNz\nAccept: */*", "Authorization=Basic [removed]\nAccept: */*"],
])("the value of a header that authorizes is removed: %s", (text, expected) => {
  expect(redact.text(text)).toEqual(
    typeof expected === "string" ? expected : expect.stringMatching(expected),
  );
});

test.each([
  "headers: { Authorization: `Bearer ${token}` },",
  "const authorization = request.headers.authorization;",
  "Authorization: Bearer YOUR_TOKEN_HERE",
  "curl -H 'Authorization: token <your-token>'",
  'if (text.includes("-----BEGIN PRIVATE KEY-----")) return;',
  ".sk-folding-cube-with-a-long-name { color: red }",
])("code that an agent has to edit stays as it is: %s", (text) => {
  expect(redact.text(text)).toBe(text);
});

test("a header in a value is removed by its name", () => {
  expect(redact.value({ headers: { Authorization: "x", accept: "y" } })).toEqual({
    headers: { Authorization: "[removed]", accept: "y" },
  });
});

test("what is no secret stays as it is", () => {
  const value = {
    sha: "9785e05c8c8b2a4e0f1d3c5b7a9e8d6f4c2b1a09",
    text: "The task-runner asks for authorization. See sk-circle and AKIA.",
    numbers: [1, null, true, { a: [] }],
  };
  expect(redact.value(value)).toEqual(value);
});

test("of the settings only what is secret is removed, and in an address that is the password", () => {
  const own = createRedact([
    "the secret of all servers",
    "postgresql://postgres:a%20long%20password@localhost:5432/postgres",
    "redis://localhost:6379",
    "Bearer a7Xq9-Zt3vLm",
    pem,
    ...[undefined, "", "short"],
  ]);
  const given =
    "the secret of all servers | a long password | a%20long%20password | a7Xq9-Zt3vLm | MIIEpAIBAAKCAQEA7bq2";
  expect(own.text(given).replaceAll("[removed]", "").replaceAll(/[ |]/g, "")).toBe("");
  const ordinary =
    "A short text on a secret, redis://localhost:6379 and postgresql://postgres:postgres@localhost:5432/postgres";
  expect(own.text(ordinary)).toBe(ordinary);
});

// A form that looked back at each place of such a text would not come to its end before the test's time is up.
test.each(["authorization: ", "eyJhbGciOi", "sk-", " \t", "ghp_aaaa"])(
  "a megabyte of nothing but the beginning of a secret stays as it is: %j",
  (part) => {
    const text = part.repeat(1_000_000 / part.length);
    expect(redact.text(text)).toBe(text);
  },
);
