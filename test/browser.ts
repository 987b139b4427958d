// A real browser for tests: Debian's chromium, without a window.
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's, or another one that the machine has. */
export const browserProgram = "chromium";
const path = process.env.AFU9_TEST_BROWSER || "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"];

/** Opens a browser with nothing in it. What the pages complain of is kept: nothing may. */
export async function openBrowser(): Promise<{
  browser: Browser;
  newPage(): Promise<Page>;
  complaints: string[];
}> {
  const browser = await chromium.launch({ executablePath: path, args, headless: true });
  const complaints: string[] = [];
  return {
    browser,
    complaints,
    async newPage() {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        // While the process behind the page changes, nobody answers; and what is closed is a 404.
        const isAnswer = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !isAnswer) complaints.push(message.text());
      });
      return page;
    },
  };
}
