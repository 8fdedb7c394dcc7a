// What reaches a person who does not look at the page: title, notification, sound.

import { onArrival, state, subscribe } from "./store.js";
import { titleOf } from "./words.js";

const read = (key) => localStorage.getItem(`wingman.${key}`) === "on";
const write = (key, on) => localStorage.setItem(`wingman.${key}`, on ? "on" : "off");

export const notices = {
  possible: () => "Notification" in window && isSecureContext,
  shown: () => read("notify") && Notification.permission === "granted",
  heard: () => read("sound"),
  label() {
    if (Notification.permission === "denied") return "Blocked";
    return notices.shown() ? "On" : "Off";
  },
  async toggleShown() {
    if (notices.shown()) write("notify", false);
    else write("notify", (await Notification.requestPermission()) === "granted");
  },
  toggleHeard() {
    write("sound", !notices.heard());
    if (notices.heard()) chime();
  },
};

function chime() {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 660 });
  const volume = new GainNode(context, { gain: 0.08 });
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.5);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.5);
  tone.onended = () => context.close();
}

function show(notice) {
  const { text } = titleOf(notice);
  try {
    const shown = new Notification(text, { tag: notice.code || undefined, icon: "/static/icon.svg", silent: true });
    shown.onclick = () => { focus(); shown.close(); };
  } catch (error) {
    // Chrome on Android lets only a service worker do this.
    if (!(error instanceof TypeError)) throw error;
  }
}

function arrived({ notice }) {
  if (notice.kind === "prompt") document.getElementById("urgent").textContent = titleOf(notice).text;
  if (notice.silent) return;
  if (document.hidden && notices.possible() && notices.shown()) show(notice);
  if (notices.heard() && notice.kind !== "reply") chime();
}

export function watchAlerts() {
  onArrival(arrived);
  subscribe(() => {
    const title = state.unread ? `(${state.unread}) Wingman` : "Wingman";
    if (document.title !== title) document.title = title;
  });
}
