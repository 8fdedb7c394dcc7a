import { html, useEffect, useRef, useState } from "./preact.js";
import { Icon } from "./icons.js";
import { notices } from "./alerts.js";
import { change, state } from "./store.js";
import { age } from "./words.js";

const ORDER = ["waiting", "working", "starting", "idle", "shell", "ended"];
const STATES = {
  approval: "needs approval", question: "asks a question", plan: "presents a plan", trust: "asks before it starts",
  menu: "shows a menu", unreadable: "waits, unreadable",
};

const rank = (session) => ORDER.indexOf(session.phase);

export function ordered(sessions) {
  return [...sessions].sort((a, b) =>
    rank(a) - rank(b)
    || (a.phase === "waiting" ? a.state_since.localeCompare(b.state_since) : 0)
    || a.name.localeCompare(b.name));
}

const doing = (session) => STATES[session.state] ?? (session.activity || session.task || session.phase);

function Row({ session, pick, now }) {
  const since = age(session.state_since, now);
  const prompt = state.prompts.get(session.prompt);
  const what = [session.agent, doing(session), prompt?.subject].filter(Boolean).join(" · ");
  return html`
    <li>
      <button type="button" class="session ${session.phase}" onClick=${() => pick(session)}
        aria-label=${`${session.name}, ${doing(session)}, for ${since}. Ask for its status`}>
        <span class="dot"></span>
        <span class="title">${session.name}</span>
        <span class="age">${since}</span>
        <span class="what" title=${session.directory}>${what}</span>
      </button>
    </li>`;
}

function Switches() {
  const [, again] = useState(0);
  const flip = async (what) => { await notices[what](); again((n) => n + 1); };
  return html`
    <footer>
      ${notices.possible() && html`
        <button type="button" class="switch" aria-pressed=${notices.shown() ? "true" : "false"} onClick=${() => flip("toggleShown")}>
          <${Icon} name="bell" />Notifications<span class="state">${notices.label()}</span>
        </button>`}
      <button type="button" class="switch" aria-pressed=${notices.heard() ? "true" : "false"} onClick=${() => flip("toggleHeard")}>
        <${Icon} name="sound" />Sound<span class="state">${notices.heard() ? "On" : "Off"}</span>
      </button>
    </footer>`;
}

export function Sessions({ pick, isDrawer }) {
  const panel = useRef(null);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (isDrawer && state.drawer) panel.current.querySelector("button")?.focus();
  }, [state.drawer]);
  const sessions = ordered(state.sessions.values());
  const close = () => change({ drawer: false });
  return html`
    ${isDrawer && state.drawer && html`<button type="button" class="veil" aria-label="Close sessions" onClick=${close}></button>`}
    <aside ref=${panel} class="sessions ${state.drawer ? "open" : ""}" aria-label="Sessions"
      onKeyDown=${(event) => event.key === "Escape" && close()}>
      <header>
        <h2>Sessions <span>${sessions.length || ""}</span></h2>
        <button type="button" class="icon-button close" aria-label="Close sessions" onClick=${close}><${Icon} name="cross" /></button>
      </header>
      ${sessions.length
        ? html`<ul>${sessions.map((session) => html`<${Row} key=${session.name} session=${session} pick=${pick} now=${Math.max(now, Date.now())} />`)}</ul>`
        : html`<p class="none">${state.listed ? "No session is being watched. Start an agent in tmux, or say start NAME in DIR: task." : "Looking…"}</p>`}
      <${Switches} />
    </aside>`;
}
