// How a step ends whose time is over. Its row has the words only; by them a report tells it from other failures.

export function stoppedAfter(minutes: number): string {
  return `It was stopped after ${minutes} minutes (\`timeout-minutes\`).`;
}

export function nothingCame(event: string, days: number): string {
  return `No \`${event}\` came within ${days} days (\`expires-after-days\`).`;
}

export function nobodyApproved(days: number): string {
  return `Nobody approved it within ${days} days.`;
}

const forms = [
  /^It was stopped after [\d.]+ minutes \(`timeout-minutes`\)\.$/,
  /^No `[^`]+` came within [\d.]+ days \(`expires-after-days`\)\.$/,
  /^Nobody approved it within [\d.]+ days\.$/,
];

export function isOverTime(error: string | null): boolean {
  return error !== null && forms.some((form) => form.test(error));
}
