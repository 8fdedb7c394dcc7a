import { Component, html } from "./preact.js";
import { Icon } from "./icons.js";
import { change, state } from "./store.js";
import { tap } from "./wire.js";
import { moment, summaryOf, time, titleOf } from "./words.js";

const FOLD_LINES = 26;
const SHOWN_LINES = 12;
const FOLD_CHARACTERS = 2200;
const SHOWN_CHARACTERS = 900;

const isLong = (text) => text.length > FOLD_CHARACTERS || text.split("\n", FOLD_LINES + 1).length > FOLD_LINES;
const beginning = (text) => text.split("\n").slice(0, SHOWN_LINES).join("\n").slice(0, SHOWN_CHARACTERS);
const end = (text) => text.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n").slice(-SHOWN_CHARACTERS);

// "12 +  new line", "+new line", "@@ …": a number in front is the agent's own line number.
function lineKind(line) {
  if (/^\s*@@/.test(line)) return "hunk";
  const sign = /^\s*(?:\d+\s+)?([+-])/.exec(line)?.[1];
  return sign === "+" ? "added" : sign === "-" ? "removed" : "";
}

const SPOKEN = { added: "added: ", removed: "removed: " };

function Diff({ text }) {
  return html`<div class="part diff">${text.split("\n").map((line) => {
    const kind = lineKind(line);
    return html`<span class=${kind}>${SPOKEN[kind] && html`<i class="hidden-text">${SPOKEN[kind]}</i>`}${line}</span>`;
  })}</div>`;
}

// "2. Yes, and …": what does not fit on the line goes on below the words, not below the number.
function Prose({ text }) {
  if (!/^\d+\. /m.test(text)) return html`<div class="part text">${text}</div>`;
  const kind = (line) => (/^\d+\. /.test(line) ? "item" : /^ {4}/.test(line) ? "detail" : "");
  return html`<div class="part text">${text.split("\n").map((line, i) => html`${i > 0 && "\n"}<span class=${kind(line)}>${line}</span>`)}</div>`;
}

function Part({ part }) {
  if (part.style === "text") return html`<${Prose} text=${part.text} />`;
  if (part.style === "diff") return html`<${Diff} text=${part.text} />`;
  if (part.style === "quote") return html`<blockquote class="part quote">${part.text}</blockquote>`;
  if (part.style === "table") {
    return html`<div class="part table" tabindex="0" role="region" aria-label="Table">${part.text}</div>`;
  }
  return html`<div class="part ${part.style}">${part.text}</div>`;
}

// "Agent `docs` completed: …": the name is ours to mark, what follows is the agent's own.
function Title({ text }) {
  const [, before, name, after] = /^(Agent )`([^`]+)`(.*)$/s.exec(text) ?? [];
  return name ? html`${before}<b class="who">${name}</b>${after}` : text;
}

const kilobytes = (size) => (size < 1000 ? `${size} bytes` : `${Math.round(size / 1000)} kB`);

// A picture is shown where it stands and opens in full; any other file is only saved.
function Attached({ file }) {
  if (file.width) {
    return html`
      <a class="part picture" href=${file.url} target="_blank" rel="noopener" aria-label=${`Open ${file.name} in full`}>
        <img src=${file.url} width=${file.width} height=${file.height} alt=${file.name} loading="lazy" decoding="async" />
      </a>`;
  }
  return html`
    <a class="part file" href=${file.url} download=${file.name}>
      <${Icon} name="file" /><span class="file-name">${file.name}</span><span class="file-size">${kilobytes(file.size)}</span>
    </a>`;
}

function Meta({ at, extra }) {
  return html`<div class="meta">${extra}<time datetime=${at} title=${moment(at)}>${time(at)}</time></div>`;
}

const namesCode = (command, code) => code && command.split(/\s+/).includes(code);

function Actions({ message, busy, settled }) {
  const { buttons, code, title } = message.notice;
  const isOver = (button) => settled && namesCode(button.command, code);
  const asList = buttons.some((button) => button.label.length > 26);
  return html`
    <div class="actions ${asList ? "list" : ""}" role="group" aria-label=${`Answers: ${title}`}>
      ${buttons.map((button) => html`
        <button type="button" class="act ${button.style} ${busy?.command === button.command ? "sent" : ""}"
          disabled=${Boolean(busy) || isOver(button)} data-command=${button.command}
          onClick=${() => tap(message, button.command)}>${button.label}</button>`)}
    </div>
    ${buttons.some(isOver) && html`<p class="settled-note">Settled: these buttons do nothing any more.</p>`}`;
}

export function replyTo(message) {
  change({ replyTo: message.id });
  document.getElementById("words")?.focus();
}

// A card shows its buttons only below everything that they are about.
export class Card extends Component {
  shouldComponentUpdate(next, local) {
    const { message, busy, settled } = this.props;
    return next.message !== message || next.busy !== busy || next.settled !== settled || local.whole !== this.state.whole;
  }

  render({ message, busy, settled }, { whole }) {
    const { notice } = message;
    const { text, icon } = titleOf(notice);
    const lines = notice.parts.reduce((sum, part) => sum + part.text.split("\n").length, 0);
    const folded = !whole && notice.parts.some((part) => isLong(part.text));
    const acts = notice.buttons.length > 0;
    const decides = acts && (Boolean(notice.code) || notice.buttons.some((button) => button.style !== "plain"));
    const parts = folded ? this.cut(notice.parts, decides) : notice.parts;
    return html`
      <article class="bubble card" aria-label=${text}>
        <div class="top">
          ${icon && html`<span class="glyph"><${Icon} name=${icon} /></span>`}
          <div class="heading">
            <h3><${Title} text=${text} /></h3>
            ${notice.code && html`<p class="facts"><code>${notice.code}</code></p>`}
          </div>
          <button type="button" class="icon-button reply" aria-label=${`Reply to: ${text}`} onClick=${() => replyTo(message)}>
            <${Icon} name="reply" />
          </button>
        </div>
        ${parts.map((part) => html`<${Part} part=${part} />`)}
        ${notice.attachments.map((file) => html`<${Attached} file=${file} />`)}
        ${folded && html`
          <button type="button" class="unfold" aria-expanded="false" onClick=${() => this.setState({ whole: true })}>
            Show all ${lines} lines${decides && " to decide"}
          </button>`}
        ${acts && !(folded && decides) && html`<${Actions} message=${message} busy=${busy} settled=${settled} />`}
        ${!acts && !folded && notice.footer && html`<p class="footer">${notice.footer}</p>`}
        <${Meta} at=${message.at} />
      </article>`;
  }

  // What is to be decided is read from its beginning; of a screen the end is the news.
  cut(parts, decides) {
    const first = parts.findIndex((part) => isLong(part.text));
    const piece = decides || parts[first].style !== "code" ? beginning : end;
    return parts.slice(0, first + 1).map((part, i) => (i < first ? part : { ...part, text: piece(part.text) }));
  }
}

function Quoted({ id }) {
  const message = state.messages.get(id);
  if (!message) return null;
  const jump = () => document.getElementById(`m${id}`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  return html`<button type="button" class="quoted" onClick=${jump}>${summaryOf(message)}</button>`;
}

export function Own({ text, at, reply, extra, after }) {
  return html`
    <div class="bubble">
      <span class="hidden-text">You: </span>
      ${reply && html`<${Quoted} id=${reply} />`}
      <div class="said">${text}</div>
      ${after}
      <${Meta} at=${at} extra=${extra} />
    </div>`;
}
