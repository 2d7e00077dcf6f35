// What the pages can do besides being read: keys, times of the reader's own zone, names under the pointer, live counters.
// Every page works without it. Text is only ever set as text.
"use strict";

const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

// Times: the reader's zone in the text, UTC on hover.
const own = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const time of all("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  if ("local" in time.dataset) time.textContent = own.format(at);
  else if (time.title) time.title = `${own.format(at)} (${zone}) · ${time.title}`;
}

// Keys: `/` search, `g` and a letter for a place, `n` and `p` for pages, `?` for help.
const help = one("#help");
let going = 0;
const typing = (target) => target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
const follow = (selector) => one(selector)?.click();
const keys = {
  "/": () => { one("#q")?.focus(); one("#q")?.select(); },
  "?": () => { if (help && !help.open) help.showModal(); },
  n: () => follow('a[rel="next"]'),
  p: () => history.back(),
  g: () => { going = Date.now(); },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || help?.open) return;
  const place = Date.now() - going < 1500 && one(`a[data-go="${CSS.escape(event.key)}"]`);
  const act = place ? () => place.click() : keys[event.key];
  going = 0;
  if (!act) return;
  event.preventDefault();
  act();
});

// Dots: the name of the nearest one beside the pointer. `data-hints` holds [percent, pixels, name].
const SVG = "http://www.w3.org/2000/svg";
function hinted(plot) {
  const hints = JSON.parse(plot.dataset.hints);
  const tip = document.createElementNS(SVG, "text");
  tip.setAttribute("class", "tip halo");
  tip.setAttribute("aria-hidden", "true");
  plot.append(tip);
  plot.addEventListener("pointerleave", () => { tip.textContent = ""; });
  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const far = ([percent, pixels]) => Math.hypot(percent * box.width / 100 - x, pixels - y);
    const best = hints.reduce((a, b) => (far(b) < far(a) ? b : a));
    const near = far(best) < 24;
    tip.textContent = near ? best[2] : "";
    tip.setAttribute("x", `${best[0]}%`);
    tip.setAttribute("y", Math.max(12, best[1] - 10));
    tip.setAttribute("text-anchor", best[0] > 60 ? "end" : "start");
  });
}
all("svg[data-hints]").filter((plot) => plot.dataset.hints).forEach(hinted);

// A picture that is wider than the screen begins with what it is about in the middle.
for (const picture of all(".picture")) {
  const here = picture.querySelector(".here");
  if (here && picture.scrollWidth > picture.clientWidth) {
    const [inner, outer] = [here.getBoundingClientRect(), picture.getBoundingClientRect()];
    picture.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
}

// Live: `<p data-feed="/feed" data-after="17" hidden><a href=""><span data-new>0</span> new events</a></p>`.
// The stream is closed while nobody looks (six of them block a browser's HTTP/1.1), and resumes after the last event it gave.
function live(place) {
  const shown = place.querySelector("[data-new]");
  const grouped = new Intl.NumberFormat("en");
  let [source, last, seen, wait] = [null, place.dataset.after ?? "", 0, 1000];
  const told = (event) => {
    if (event.lastEventId) last = event.lastEventId;
    wait = 1000;
    seen += 1;
    shown.textContent = grouped.format(seen).replaceAll(",", "\u202f");
    place.hidden = false;
    const fact = read(event.data);
    const past = Date.now() - Date.parse(fact.timestamp) > 86400000; // told late: the counters are those of a day
    const counter = !past && one(`[data-count="${CSS.escape(String(fact[place.dataset.by]))}"]`);
    if (!counter) return;
    counter.dataset.value = Number(counter.dataset.value) + 1;
    counter.textContent = grouped.format(counter.dataset.value).replaceAll(",", "\u202f");
  };
  const read = (data) => { try { return JSON.parse(data) ?? {}; } catch { return {}; } };
  const open = () => {
    if (source || document.hidden) return;
    const url = new URL(place.dataset.feed, location.href);
    if (last) url.searchParams.set(place.dataset.resume ?? "after", last);
    source = new EventSource(url);
    source.addEventListener("message", told);
    source.addEventListener("event", told);
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself, with Last-Event-ID
      close();
      setTimeout(open, wait = Math.min(wait * 2, 60000));
    });
  };
  const close = () => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
}
all("[data-feed]").forEach(live);
