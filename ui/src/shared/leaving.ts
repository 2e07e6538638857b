// What is forgotten when another workspace is opened? Ids mean something in their own workspace only, so whatever outlives
// a view and holds some registers here. A test holds every such object to that.
const forgetting: (() => void)[] = [];

/** `forget` is called whenever another workspace is entered, before anything of it is read. */
export function onLeaving(forget: () => void): void {
  forgetting.push(forget);
}

export function leaveWorkspace(): void {
  for (const forget of forgetting) forget();
}
