// The gateway: one stream of events down, one request per message up.

import { calm, change, drop, putMessage, putPending, putPrompt, putSession, putSnapshot, settleOld, startAnew, state } from "./store.js";

const SILENCE = 40_000; // the gateway says something at least every 15 s
const LONGEST_PAUSE = 10_000;
const PATIENCE = 10_000; // after that a tapped button may be tapped again

let source = null;
let heard = 0;
let pause = 1000;
let timer = 0;

const handlers = {
  message: putMessage,
  synced: ({ revision }) => {
    if (revision < state.revision) {
      startAnew();
      connect();
    } else {
      change({ synced: true });
      settleOld();
    }
  },
  snapshot: putSnapshot,
  session: putSession,
  session_gone: ({ key }) => drop("sessions", key),
  prompt: putPrompt,
  prompt_gone: ({ key }) => drop("prompts", key),
  beat: () => {},
};

export function connect() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(`/api/chat/events?sessions=true&after=${state.revision}`);
  heard = Date.now();
  source.onopen = () => {
    heard = Date.now();
    pause = 1000;
    change({ link: "open" });
  };
  source.onerror = () => {
    change({ link: "lost" });
    if (source.readyState === EventSource.CLOSED) inquire();
  };
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => {
      heard = Date.now();
      handle(JSON.parse(event.data));
    });
  }
}

async function inquire() {
  const answer = await fetch("/api/completions").catch(() => null);
  if (answer?.status === 401) {
    change({ link: "out" });
    return;
  }
  timer = setTimeout(connect, pause);
  pause = Math.min(pause * 1.7, LONGEST_PAUSE);
}

function check() {
  if (state.link !== "out" && Date.now() - heard > SILENCE) {
    change({ link: "lost" });
    connect();
  }
}

export function watch() {
  setInterval(check, 5000);
  addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => document.hidden || check());
}

export function say(text, { replyTo = null, tapped = false } = {}) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const event = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return send({ event, text, reply_to: replyTo, tapped, at: new Date().toISOString() });
}

// Again with the same event: if the first attempt did arrive, this one has no effect.
export async function send(entry) {
  putPending({ ...entry, state: "sending" });
  const { event, text, reply_to, tapped } = entry;
  const answer = await fetch("/api/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ event, text, reply_to, tapped }),
  }).catch(() => null);
  if (answer?.ok) {
    const { message } = await answer.json();
    putPending({ ...entry, message, state: message === null ? "done" : "sending" });
    return true;
  }
  if (answer?.status === 401) change({ link: "out" });
  const problem = answer && await answer.json().catch(() => null);
  putPending({ ...entry, state: "failed", why: problem?.detail ?? "Not sent" });
  return false;
}

export async function tap(card, command) {
  change({ busy: new Map(state.busy).set(card.id, { command, revision: card.revision }) });
  setTimeout(() => state.busy.get(card.id)?.command === command && calm(card.id), PATIENCE);
  if (!await say(command, { replyTo: card.id, tapped: true })) calm(card.id);
}

export async function completions() {
  const answer = await fetch("/api/completions").catch(() => null);
  return answer?.ok ? answer.json() : [];
}
