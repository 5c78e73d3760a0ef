// Comforts of the page: filters of the calls, local time, what is said of a bar. Without them
// everything is there to read.
"use strict";

const all = (selector) => Array.from(document.querySelectorAll(selector));

for (const element of all(".screen-only")) element.hidden = false;

// --- the calls' filters ---------------------------------------------------------------------------

const text = document.getElementById("filter-text");
if (text) {
  const kind = document.getElementById("filter-kind");
  const status = document.getElementById("filter-status");
  const count = document.getElementById("filter-count");
  const rows = all("table.calls tbody tr");
  let words = null; // of each row; read when they are first needed
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    if (wanted && !words) words = rows.map((row) => row.textContent.toLowerCase());
    let shown = 0;
    rows.forEach((row, i) => {
      const fits = (!kind.value || row.dataset.kind === kind.value) &&
        (!status.value || row.dataset.status === status.value) &&
        (!wanted || words[i].includes(wanted));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = `${shown} of ${rows.length}`;
  };
  for (const input of [text, kind, status]) input.addEventListener("input", filter);
}

// --- local time -----------------------------------------------------------------------------------

const two = (number) => String(number).padStart(2, "0");

// In the form of the text in UTC: "12:00:00", "12:00:00.100", "01-01 12:00" or all of it.
function localText(iso, utc) {
  const time = new Date(iso);
  const day = `${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const minutes = `${two(time.getHours())}:${two(time.getMinutes())}`;
  const clock = `${minutes}:${two(time.getSeconds())}`;
  const fraction = `.${String(time.getMilliseconds()).padStart(3, "0")}`;
  if (utc[2] === "-") return `${day} ${minutes}`;
  if (utc[2] === ":") return clock + fraction.slice(0, utc.length - clock.length);
  return `${time.getFullYear()}-${day} ${clock}`;
}

let times = null;

function findTimes() {
  times = all("time").map((element) => ({ element, iso: element.dateTime }))
    .concat(all("[data-time]").map((element) => ({ element, iso: element.dataset.time })));
  for (const one of times) one.utc = one.element.textContent;
}

function showZone(zone) {
  const local = zone === "local";
  if (!times) findTimes();
  for (const { element, iso, utc } of times) {
    element.textContent = local ? localText(iso, utc) : utc;
  }
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";
  for (const element of all("[data-zone-name]")) element.textContent = local ? name : "UTC";
  for (const button of all("[data-zone]")) {
    button.setAttribute("aria-pressed", String(button.dataset.zone === zone));
  }
}
for (const button of all("[data-zone]")) {
  button.addEventListener("click", () => showZone(button.dataset.zone));
}

// --- the timeline's bars --------------------------------------------------------------------------

const detail = document.querySelector(".detail");
const timeline = document.querySelector(".timeline");

function say(event) {
  if (event.target.matches("rect[role=img]")) {
    detail.textContent = event.target.getAttribute("aria-label");
  }
}

// Left and right go through a row, up and down to the nearest row that has bars.
function go(event) {
  const bar = event.target.closest("rect[role=img]");
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!bar || !step) return;
  event.preventDefault();
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  const bars = sideways ? Array.from(bar.parentNode.querySelectorAll("rect[role=img]"))
    : all(".timeline .row rect[role=img]:first-of-type");
  const from = sideways ? bar : bar.parentNode.querySelector("rect[role=img]");
  const next = bars[bars.indexOf(from) + step];
  if (next) next.focus();
}

timeline.addEventListener("pointerover", say);
timeline.addEventListener("focusin", say);
timeline.addEventListener("keydown", go);
