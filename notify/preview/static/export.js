// What an export does in the browser. It asks for nothing: all that it shows is in the page, or in files beside it.
"use strict";

(() => {
  const $ = (selector) => document.querySelector(selector);
  const $$ = (selector) => [...document.querySelectorAll(selector)];
  const mark = (element, name, is) => (is ? element.setAttribute(name, "true") : element.removeAttribute(name));

  document.documentElement.classList.add("scripted");
  for (const each of $$("[data-scripted]")) each.hidden = false;

  // ---- The list ----------------------------------------------------------------------------------------------------

  const filter = $("#filter");
  const rows = $$("[data-row]").map((row) => {
    const words = [...row.querySelectorAll("[data-words]")].map((mail) => mail.dataset.words);
    return { row, link: row.querySelector("[data-first]"), words: [row.dataset.row, ...words].join("\n") };
  });

  function narrow() {
    const terms = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, words } of rows) {
      row.hidden = !terms.every((term) => words.includes(term));
      if (!row.hidden) shown += 1;
    }
    $("[data-count]").textContent = terms.length ? `${shown} of ${rows.length}` : rows.length;
    $("[data-nothing]").hidden = shown > 0;
  }

  function step(by) {
    const links = rows.filter(({ row, link }) => link && !row.hidden).map(({ link }) => link);
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  if (filter) {
    filter.addEventListener("input", narrow);
    addEventListener("pageshow", narrow); // what was typed is still there when a reader comes back
    if (location.hash === "#filter") filter.focus();
  }

  // ---- A mail: which view, in which colours, how wide; all of it is in the fragment of the URL ------------------------

  const look = { view: $("[data-view]")?.dataset.view, scheme: "light", width: "" };
  if (!$("[data-frame]") && look.view) look.view = "text";
  const usual = { ...look };

  // `#show=text,dark,375` is what this writes; `#text` and `#L20` are links that work without a script too.
  function read() {
    if (/^#L\d+$/.test(location.hash)) {
      look.view = "source";
      return;
    }
    Object.assign(look, usual);
    for (const word of location.hash.slice(1).replace("show=", "").split(",")) {
      for (const name of ["view", "scheme", "width"]) {
        if (word && $(`[data-${name}="${CSS.escape(word)}"]`)) look[name] = word;
      }
    }
  }

  function fragment() {
    const words = Object.keys(look).filter((name) => look[name] !== usual[name]).map((name) => look[name]);
    return words.length ? `#show=${words.join(",")}` : "";
  }

  function show() {
    for (const each of $$("[data-section]")) each.hidden = each.dataset.section !== look.view;
    for (const each of $$("[data-of-html]")) each.hidden = look.view !== "html";
    for (const each of $$("[data-view]")) mark(each, "aria-current", each.dataset.view === look.view);
    for (const name of ["scheme", "width"]) {
      for (const each of $$(`button[data-${name}]`)) each.setAttribute("aria-pressed", each.dataset[name] === look[name]);
    }
    for (const each of $$("a[data-keep]")) each.hash = fragment();
    const frame = $("[data-frame]");
    if (frame) draw(frame);
  }

  // A frame is put in the place of the old one, because a new address for that would be a step in the reader's history.
  function draw(frame) {
    const file = frame.dataset[look.scheme];
    frame.parentElement.style.width = look.width && `${look.width}px`;
    if (frame.getAttribute("src") === file) return;
    const next = frame.cloneNode();
    next.setAttribute("src", file);
    frame.replaceWith(next);
  }

  function change(changes) {
    Object.assign(look, changes);
    history.replaceState(null, "", fragment() || location.pathname + location.search);
    show();
  }

  function toFragment() {
    read();
    show();
    const line = location.hash.match(/^#L\d+$/)?.[0];
    if (line) $(line)?.scrollIntoView();
  }

  if (look.view) {
    toFragment();
    addEventListener("hashchange", toFragment);
  }

  // ---- Clicks and keys -----------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const on = event.target.closest("a, button");
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (!on || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (on.dataset.do === "keys") $("#keys").showModal();
    else if (on.dataset.view) {
      event.preventDefault();
      change({ view: on.dataset.view });
    } else if (on.dataset.scheme) change({ scheme: on.dataset.scheme });
    else if (on.dataset.width !== undefined) change({ width: on.dataset.width });
    else if (on.getAttribute("href")?.startsWith("index.html#L")) {
      event.preventDefault();
      location.hash = on.hash;
    }
  });

  function cycle(key) {
    const group = $$("[data-cycle]").find((each) => each.dataset.cycle.split(" ").includes(key));
    if (!group) return false;
    const links = [...group.querySelectorAll("a")];
    const by = group.dataset.cycle.startsWith(key) ? -1 : 1;
    const at = links.findIndex((link) => link.getAttribute("aria-current"));
    links[(at + by + links.length) % links.length].click();
    return true;
  }

  function press(key) {
    if (key === "?") $("#keys").showModal();
    else if (key === "/") {
      if (filter) filter.select();
      else location.assign(`${$(".mark").href}#filter`);
    } else if (filter && key === "Escape") {
      filter.value = "";
      filter.blur();
      narrow();
    } else if (filter && (key === "j" || key === "k")) step(key === "j" ? 1 : -1);
    else if (key === "d" && $("[data-frame]")) {
      const schemes = $$("button[data-scheme]").map((each) => each.dataset.scheme);
      change({ scheme: schemes[(schemes.indexOf(look.scheme) + 1) % schemes.length] });
    } else if (!cycle(key)) {
      const on = $(`[data-key="${CSS.escape(key)}"]`);
      if (!on) return false;
      on.click();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("#keys").open) return;
    const typing = event.target.closest("input, select, textarea");
    if (typing && event.key !== "Escape") return;
    if (press(event.key)) event.preventDefault();
  });
})();
