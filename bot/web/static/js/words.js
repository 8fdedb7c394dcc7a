// Times, ages and titles as a person reads them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const time = (at) => clock.format(new Date(at));
export const moment = (at) => full.format(new Date(at));

export function dayOf(at) {
  const date = new Date(at);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : day.format(date);
}

export function age(at, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(at)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

// A title begins with a sign that every chat can show; here it becomes a picture and a tone.
const SIGNS = [
  ["🔒", "lock", "wait"], ["❓", "question", "wait"], ["📋", "plan", "wait"], ["🛡", "shield", "wait"],
  ["🔧", "menu", "wait"], ["⏳", "clock", "wait"], ["⚠️", "warning", "wait"], ["⚠", "warning", "wait"],
  ["✅", "check", "good"], ["✓", "check", "good"], ["☑️", "check", "mute"], ["☑", "check", "mute"],
  ["⌛", "clock", "mute"], ["❌", "cross", "bad"], ["🚫", "stop", "bad"], ["📊", "bars", "good"],
  ["…", "clock", "mute"],
];

export function titleOf(notice) {
  const title = notice.title.trimStart();
  const sign = SIGNS.find(([mark]) => title.startsWith(mark));
  if (!sign) return { text: title, icon: "", tone: notice.kind === "trouble" ? "bad" : "mute" };
  const [mark, icon, tone] = sign;
  return { text: title.slice(mark.length).replace(/^\uFE0F?\s*/, ""), icon, tone };
}

export const summaryOf = (message) => (message.notice ? titleOf(message.notice).text.replaceAll("`", "") : message.text);
