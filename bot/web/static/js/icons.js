import { html } from "./preact.js";

const PATHS = {
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  question: ["M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1.1-1.3 2.1", "M12 17.8v.1"],
  plan: ["M7 5h10v15H7z", "M10 9.5h4", "M10 13h4", "M10 16.5h2"],
  shield: ["M12 4l7 2.5v5c0 4.2-2.9 7.3-7 8.5-4.1-1.2-7-4.3-7-8.5v-5z"],
  menu: ["M5 8h14", "M5 12h14", "M5 16h9"],
  clock: ["M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z", "M12 8.5V12l2.5 2"],
  warning: ["M12 5l8 14H4z", "M12 10.5v4", "M12 16.8v.1"],
  check: ["M5.5 12.5l4.2 4.2 8.8-9.2"],
  cross: ["M7 7l10 10", "M17 7L7 17"],
  stop: ["M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z", "M7 7l10 10"],
  bars: ["M6 19v-6", "M12 19V6", "M18 19v-9"],
  file: ["M7 4h7l4 4v12H7z", "M14 4v4h4", "M12.5 11v5", "M10 13.8l2.5 2.4 2.5-2.4"],
  reply: ["M10 7l-5 5 5 5", "M5 12h8a6 6 0 0 1 6 6v.5"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  sessions: ["M4.5 6h15v12h-15z", "M8 10l2.2 2L8 14", "M12.5 14.2h3.5"],
  bell: ["M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5z", "M10.5 20.2h3"],
  sound: ["M5 10v4h3l4 3.5v-11L8 10z", "M15.5 9.5a3.5 3.5 0 0 1 0 5"],
};

export const Icon = ({ name }) => html`
  <svg class="mini-icon" viewBox="0 0 24 24" aria-hidden="true">
    ${PATHS[name].map((d) => html`<path d=${d} />`)}
  </svg>`;
