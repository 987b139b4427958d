/** Where an execution is shown: an address of the app, which sends on to its report. Undefined where the app has no address. */
export function executionUrl(publicUrl: string | undefined, id: string): string | undefined {
  return publicUrl && `${publicUrl}/executions/${id}`;
}
