import { Component, html } from "./preact.js";
import { Card, Own, replyTo } from "./card.js";
import { change, onArrival, state } from "./store.js";
import { send } from "./wire.js";
import { dayOf, titleOf } from "./words.js";

const NEAR = 60; // pixels from the end that still count as the end
const SWIPE = 70;
const LONG_PRESS = 550;

const isSettled = (notice) => Boolean(notice.code) && state.settled.has(notice.code);

function rowClass(message) {
  if (message.mine) return "row own";
  const { notice } = message;
  const tone = `tone-${titleOf(notice).tone}`;
  if (notice.kind === "closed") return `row closed ${tone}`;
  const hasCard = notice.buttons.length || notice.parts.length || notice.attachments.length;
  if (!hasCard) return `row plain ${tone}`;
  return `row ${notice.buttons.length && !isSettled(notice) ? "open" : "settled"} ${tone}`;
}

function Message({ message, fresh }) {
  const gestures = gesturesFor(message);
  return html`
    <li id=${`m${message.id}`} class="${rowClass(message)} ${fresh ? "fresh" : ""}" ...${gestures}>
      ${message.mine
        ? html`<${Own} text=${message.text} at=${message.at} reply=${message.reply_to} />`
        : html`<${Card} message=${message} busy=${state.busy.get(message.id)} settled=${isSettled(message.notice)} />`}
    </li>`;
}

// Swipe right or press long, and the next words answer this card.
function gesturesFor(message) {
  if (message.mine) return {};
  let from = null;
  let timer = 0;
  const end = () => { clearTimeout(timer); from = null; };
  return {
    onTouchStart: ({ touches: [touch] }) => {
      from = [touch.clientX, touch.clientY];
      timer = setTimeout(() => from && getSelection().isCollapsed && replyTo(message), LONG_PRESS);
    },
    onTouchMove: ({ touches: [touch] }) => {
      if (!from) return;
      const [x, y] = [touch.clientX - from[0], Math.abs(touch.clientY - from[1])];
      if (Math.abs(x) > 10 || y > 10) clearTimeout(timer);
      if (x > SWIPE && y < 40) { end(); replyTo(message); }
    },
    onTouchEnd: end,
    onTouchCancel: end,
  };
}

function Pending({ entry }) {
  const failed = entry.state === "failed";
  const retry = html`<button type="button" class="retry" onClick=${() => send(entry)}>${entry.why} – try again</button>`;
  return html`
    <li class="row own ${entry.state}" key=${entry.event}>
      <${Own} text=${entry.text} at=${entry.at} reply=${entry.reply_to} after=${failed && retry} extra=${failed ? "" : "sending…"} />
    </li>`;
}

const Welcome = () => html`
  <li class="welcome">
    <img src="/static/icon.svg" alt="" />
    <h2>All quiet</h2>
    <p>When an agent asks for something, it appears here. Type <code>help</code> to see what you can say.</p>
  </li>`;

export class Log extends Component {
  constructor() {
    super();
    this.atEnd = true;
    this.seen = 0;
    this.latest = 0;
    onArrival((message) => this.arrived(message));
  }

  componentDidMount() {
    this.observer = new ResizeObserver(() => this.atEnd && this.toEnd());
    this.observer.observe(this.box);
  }

  arrived(message) {
    this.latest = message.id;
    if (document.hidden || !this.atEnd) change({ unread: state.unread + 1 });
  }

  scrolled = () => {
    const { box } = this;
    this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (this.atEnd && state.unread && !document.hidden) change({ unread: 0 });
    if (this.atEnd !== this.state.atEnd) this.setState({ atEnd: this.atEnd });
  };

  componentDidUpdate() {
    const last = [...state.messages.keys()].at(-1) ?? 0;
    const count = last + state.pending.length / 1000;
    if (count === this.seen) {
      if (this.atEnd) this.toEnd();
      return;
    }
    const ownWords = state.pending.some((entry) => entry.state === "sending");
    const isFirst = this.seen === 0;
    this.seen = count;
    if (isFirst || ownWords || this.atEnd) this.show(last);
  }

  // A card taller than the screen is shown from its top: nothing above Approve stays unseen.
  show(last) {
    const element = document.getElementById(`m${last}`);
    const isTall = element && element.offsetHeight > this.box.clientHeight && state.messages.get(last).notice?.buttons.length;
    if (isTall) this.box.scrollTop = element.offsetTop - this.box.offsetTop - 8;
    else this.toEnd();
    this.scrolled();
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  render() {
    const messages = [...state.messages.values()];
    const isEmpty = state.synced && !messages.length && !state.pending.length;
    let day = "";
    const rows = messages.flatMap((message) => {
      const now = dayOf(message.at);
      const row = html`<${Message} key=${message.id} message=${message} fresh=${message.id === this.latest} />`;
      if (now === day) return [row];
      day = now;
      return [html`<li class="day" key=${`day${message.id}`}>${now}</li>`, row];
    });
    return html`
      <div class="scroll">
        <div class="log" role="log" aria-label="Chat" aria-live="polite" aria-relevant="additions" tabindex="0"
          ref=${(box) => { this.box = box ?? this.box; }} onScroll=${this.scrolled}>
          <ol>${isEmpty && html`<${Welcome} />`}${rows}${state.pending.map((entry) => html`<${Pending} key=${entry.event} entry=${entry} />`)}</ol>
        </div>
        ${state.unread > 0 && !this.atEnd && html`
          <button type="button" class="pill" onClick=${() => this.toEnd()}>
            ${state.unread === 1 ? "1 new message" : `${state.unread} new messages`} ↓
          </button>`}
      </div>`;
  }
}

export function jumpTo(code) {
  const card = [...state.messages.values()].find(({ notice }) => notice?.code === code && notice.buttons.length);
  const element = card && document.getElementById(`m${card.id}`);
  if (!element) return false;
  const isTall = element.offsetHeight > element.closest(".log").clientHeight;
  element.scrollIntoView({ block: isTall ? "start" : "center", behavior: "smooth" });
  element.classList.add("found");
  setTimeout(() => element.classList.remove("found"), 1500);
  const target = [".act:not(:disabled)", ".unfold", ".reply"].map((name) => element.querySelector(name)).find(Boolean);
  target?.focus({ preventScroll: true });
  return true;
}
