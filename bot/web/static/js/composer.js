import { Component, html } from "./preact.js";
import { Icon } from "./icons.js";
import { change, state } from "./store.js";
import { completions, say } from "./wire.js";
import { summaryOf } from "./words.js";

const MOST = 6;
const HISTORY = 100;
let known = [];

export async function learnWords() {
  known = await completions();
}

const isLive = (word) => state.sessions.has(word) || state.prompts.has(word);

// The first word is a command; the second names a session or a prompt.
export function optionsFor(text) {
  const found = /^\s*(\/?)(\S*)(?:\s+(\S*))?$/.exec(text);
  if (!found || !text.trim()) return [];
  const [, slash, command, argument] = found;
  if (argument === undefined) {
    const words = known.filter((word) => !isLive(word) && word.startsWith(command.toLowerCase()) && word !== command);
    return words.slice(0, MOST).map((word) => ({ word, of: "", text: `${slash}${word} ` }));
  }
  if (!known.includes(command.toLowerCase())) return [];
  const targets = [
    ...[...state.prompts.values()].map((prompt) => ({ word: prompt.code, of: `${prompt.session}: ${prompt.subject || prompt.kind}` })),
    ...[...state.sessions.values()].map((session) => ({ word: session.name, of: session.phase })),
  ];
  return targets
    .filter(({ word }) => word.toLowerCase().startsWith(argument.toLowerCase()) && word !== argument)
    .slice(0, MOST)
    .map(({ word, of }) => ({ word, of: of.slice(0, 48), text: `${slash}${command} ${word} ` }));
}

export class Composer extends Component {
  state = { text: "", open: false, chosen: -1 };
  history = [];
  place = 0;

  componentDidMount() {
    learnWords();
    this.props.handle(this);
  }

  componentDidUpdate(_, before) {
    if (before.text === this.state.text) return;
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + 2}px`;
  }

  // Asked for anew each time: sessions and prompts come and go while a person types.
  get options() {
    return this.state.open ? optionsFor(this.state.text) : [];
  }

  write(text, { quiet = false } = {}) {
    this.setState({ text, open: !quiet, chosen: -1 });
  }

  close = () => this.setState({ open: false, chosen: -1 });

  insert(text) {
    this.write(text);
    this.area.focus();
  }

  submit = (event) => {
    event?.preventDefault();
    const text = this.state.text.trim();
    if (!text) return;
    say(text, { replyTo: state.replyTo });
    this.history = [...this.history.filter((old) => old !== text), text].slice(-HISTORY);
    this.place = this.history.length;
    change({ replyTo: null });
    this.write("");
  };

  take(option) {
    this.write(option.text);
    this.area.focus();
  }

  key = (event) => {
    const { options, state: { chosen } } = this;
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (options[chosen]) this.take(options[chosen]);
      else this.submit();
    } else if (event.key === "Tab" && options.length && !event.shiftKey) {
      event.preventDefault();
      this.take(options[Math.max(chosen, 0)]);
    } else if (event.key === "Escape") {
      if (options.length) this.close();
      else change({ replyTo: null });
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      this.arrow(event, event.key === "ArrowUp" ? -1 : 1);
    }
  };

  arrow(event, step) {
    const { options, state: { chosen, text } } = this;
    if (options.length) {
      event.preventDefault();
      const count = options.length;
      this.setState({ chosen: chosen < 0 && step < 0 ? count - 1 : (chosen + step + count) % count });
      return;
    }
    const isBrowsing = text === "" || text === this.history[this.place];
    const place = this.place + step;
    if (!isBrowsing || place < 0 || place > this.history.length) return;
    event.preventDefault();
    this.place = place;
    this.write(this.history[place] ?? "", { quiet: true });
  }

  render(_, { text, chosen }) {
    const { options } = this;
    const target = state.replyTo !== null && state.messages.get(state.replyTo);
    return html`
      <form class="composer" onSubmit=${this.submit}>
        ${options.length > 0 && html`
          <div class="options" id="options" role="listbox" aria-label="Completions">
            ${options.map((option, i) => html`
              <div class="option" role="option" id=${`option${i}`} aria-selected=${i === chosen ? "true" : "false"}
                onMouseDown=${(event) => { event.preventDefault(); this.take(option); }}>
                <span>${option.word}</span><span class="of">${option.of}</span>
              </div>`)}
          </div>`}
        <div class="inner">
          ${target && html`
            <div class="replying">
              <span>Reply to ${summaryOf(target)}</span>
              <button type="button" class="icon-button" aria-label="Do not reply to this" onClick=${() => change({ replyTo: null })}>
                <${Icon} name="cross" />
              </button>
            </div>`}
          <div class="entry">
            <textarea id="words" rows="1" aria-label="Message or command" autocomplete="off" autocapitalize="off" spellcheck=${false}
              placeholder=${target ? "Your answer or reason" : "Message or command"} enterkeyhint="send"
              aria-autocomplete="list" aria-controls=${options.length ? "options" : null}
              aria-activedescendant=${chosen >= 0 ? `option${chosen}` : null}
              ref=${(area) => { this.area = area ?? this.area; }} value=${text} onInput=${(event) => this.write(event.target.value)}
              onKeyDown=${this.key} onFocus=${learnWords} onBlur=${this.close}></textarea>
            <button type="submit" class="send" aria-label="Send" disabled=${!text.trim()}><${Icon} name="send" /></button>
          </div>
        </div>
      </form>`;
  }
}
