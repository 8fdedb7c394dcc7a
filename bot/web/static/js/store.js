// What the page knows. Views read it and never change it; the functions below do.

export const state = {
  link: "connecting", // connecting | open | lost | out
  synced: false, // the history is complete
  revision: 0,
  messages: new Map(), // id → message, in order of id
  pending: [], // own words that are not in the log yet
  sessions: new Map(),
  prompts: new Map(), // open ones, oldest first
  settled: new Set(), // codes of cards whose prompt does not wait any more
  listed: false, // sessions and prompts are known
  busy: new Map(), // card id → {command, revision}: tapped, not answered yet
  replyTo: null,
  drawer: false,
  unread: 0,
};

const listeners = new Set();
let scheduled = false;

export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function change(patch = {}) {
  Object.assign(state, patch);
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    listeners.forEach((listener) => listener());
  });
}

const arrivals = new Set();
export const onArrival = (listener) => arrivals.add(listener);

export function putMessage(message) {
  const isNew = !state.messages.has(message.id);
  const messages = new Map(state.messages).set(message.id, message);
  if (isNew && state.messages.size && message.id < [...state.messages.keys()].at(-1)) {
    change({ messages: new Map([...messages].sort(([a], [b]) => a - b)) });
  } else {
    change({ messages });
  }
  state.revision = Math.max(state.revision, message.revision);
  if (message.notice) settle(message.notice);
  if (message.mine) matchPending(message);
  else if (isNew && message.notice.kind === "reply") state.busy = new Map();
  if (state.busy.get(message.id)?.revision < message.revision) calm(message.id);
  if (isNew && state.synced && !message.mine) arrivals.forEach((listener) => listener(message));
}

// A prompt that was answered at once has never been in the list; its card says so all the same.
function settle({ kind, code }) {
  if (!code || (kind !== "closed" && kind !== "prompt")) return;
  const settled = new Set(state.settled);
  if (kind === "closed") settled.add(code);
  else settled.delete(code);
  change({ settled });
}

// Of the cards known so far: history and list come in one stream, in no set order.
export function settleOld() {
  if (!state.listed) return;
  const settled = new Set(state.settled);
  for (const { notice } of state.messages.values()) {
    if (notice?.code && !state.prompts.has(notice.code)) settled.add(notice.code);
  }
  change({ settled });
}

function matchPending(message) {
  const known = state.pending.find((entry) => entry.message === message.id)
    ?? state.pending.find((entry) => entry.text === message.text && entry.state === "sending");
  if (known) change({ pending: state.pending.filter((entry) => entry !== known) });
}

export function putPending(entry) {
  const others = state.pending.filter((known) => known.event !== entry.event);
  const isThere = entry.message != null && state.messages.has(entry.message);
  change({ pending: isThere || entry.state === "done" ? others : [...others, entry] });
}

export function calm(card) {
  const busy = new Map(state.busy);
  busy.delete(card);
  change({ busy });
}

export function putSnapshot({ sessions, prompts }) {
  const settled = new Set(state.settled);
  prompts.forEach(({ code }) => settled.delete(code));
  change({
    listed: true,
    settled,
    sessions: new Map(sessions.map((session) => [session.name, session])),
    prompts: new Map(prompts.map((prompt) => [prompt.code, prompt])),
  });
  settleOld();
}

export function putSession(session) {
  change({ sessions: new Map(state.sessions).set(session.name, session) });
}

export function putPrompt(prompt) {
  const settled = new Set(state.settled);
  settled.delete(prompt.code);
  change({ prompts: new Map(state.prompts).set(prompt.code, prompt), settled });
}

export function drop(table, key) {
  const left = new Map(state[table]);
  left.delete(key);
  change({ [table]: left });
  if (table === "prompts") change({ settled: new Set(state.settled).add(key) });
}

export function startAnew() {
  change({ messages: new Map(), revision: 0, synced: false });
}
