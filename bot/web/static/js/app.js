import { html, render, useEffect, useRef, useState } from "./preact.js";
import { watchAlerts } from "./alerts.js";
import { Composer, learnWords } from "./composer.js";
import { Icon } from "./icons.js";
import { jumpTo, Log } from "./log.js";
import { Sessions } from "./sessions.js";
import { change, state, subscribe } from "./store.js";
import { connect, say, watch } from "./wire.js";
import { age } from "./words.js";

const LINK = { connecting: "connecting…", open: "connected", lost: "reconnecting…" };
const wide = matchMedia("(min-width: 900px)");

function Head() {
  const waiting = state.prompts.size;
  return html`
    <header class="head">
      <button type="button" class="icon-button menu" aria-expanded=${state.drawer ? "true" : "false"}
        aria-label=${`Sessions, ${waiting} waiting`} onClick=${() => change({ drawer: true })}>
        <${Icon} name="sessions" />${waiting > 0 && html`<span class="badge" aria-hidden="true">${waiting}</span>`}
      </button>
      <img class="mark" src="/static/icon.svg" alt="" />
      <div class="name">
        <h1>Wingman</h1>
        <p class="link-state ${state.link === "open" ? "" : "lost"}" role="status">${LINK[state.link]}</p>
      </div>
    </header>`;
}

function Attention() {
  const [first] = [...state.prompts.values()].sort((a, b) => a.opened_at.localeCompare(b.opened_at));
  if (!first) return null;
  const count = state.prompts.size;
  const jump = () => jumpTo(first.code) || say(`status ${first.session}`);
  return html`
    <button type="button" class="attention" onClick=${jump}>
      <${Icon} name="clock" />
      <span>${count === 1 ? `${first.session} waits for you` : `${count} prompts wait for you`}</span>
      <span class="go">${age(first.opened_at)} · Show</span>
    </button>`;
}

const SignedOut = () => html`
  <main class="plain-page">
    <img src="/static/icon.svg" alt="" width="56" height="56" />
    <h1>This browser is not logged in</h1>
    <p>Run <code>wingman link</code> on the machine where Wingman runs and open the link it prints here. Restarting Wingman prints one, too.</p>
    <p>A link works once; the login it gives lasts 90 days.</p>
  </main>`;

function App() {
  const [, again] = useState(0);
  const [isDrawer, setDrawer] = useState(!wide.matches);
  const composer = useRef(null);
  useEffect(() => subscribe(() => again((n) => n + 1)), []);
  useEffect(() => wide.addEventListener("change", () => setDrawer(!wide.matches)), []);
  if (state.link === "out") return html`<${SignedOut} />`;
  const pick = (session) => {
    change({ drawer: false });
    say(`status ${session.name}`);
  };
  return html`
    <div class="frame">
      <${Sessions} pick=${pick} isDrawer=${isDrawer} />
      <${Head} />
      <main class="talk" inert=${isDrawer && state.drawer}>
        <${Attention} />
        <${Log} />
        <${Composer} handle=${(it) => { composer.current = it; }} />
      </main>
      <p id="urgent" class="hidden-text" aria-live="assertive"></p>
    </div>`;
}

document.addEventListener("visibilitychange", () => document.hidden || learnWords());
render(html`<${App} />`, document.getElementById("app"));
watchAlerts();
watch();
connect();
