// The preview in the browser. The server renders every page; this swaps parts of pages, draws frames without a flash,
// listens to what changes, and knows the keys. It imports nothing.

const root = document.querySelector('meta[name="notify-root"]')?.content ?? "";
const token = document.querySelector('meta[name="notify-token"]')?.content ?? "";
const isLive = document.querySelector('meta[name="notify-live"]')?.content === "yes";
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const main = () => document.getElementById("main");
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function say(words) {
  const said = document.getElementById("said");
  if (said) said.textContent = words;
}

async function ask(url, method, body) {
  const headers = { "X-Notify-Token": token, Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const document_ = await answer.json().catch(() => ({ error: `the server answered ${answer.status}` }));
  return { ok: answer.ok, status: answer.status, ...document_ };
}

// ---- Going from page to page -------------------------------------------------------------------------------------

let visiting = 0;
let treeIsOld = false;
let going = ""; // the page that somebody asked for and that is on its way

// Show a page. Its parts are put in the place of the old ones; `keep` names parts that stay as they are.
async function visit(url, { replace = false, keep = [], focus = true, whole = false } = {}) {
  const mine = ++visiting;
  if (!replace) going = url;
  else if (going) [url, replace, keep, focus] = [going, false, [], true]; // it was about the page that is left
  // One that another overtakes leaves to that one what it was to draw.
  treeIsOld ||= whole;
  const withTree = treeIsOld;
  let html;
  try {
    const headers = withTree ? {} : { "X-Notify-Part": "main" };
    const answer = await fetch(url, { headers: { Accept: "text/html", ...headers } });
    html = await answer.text();
    if (answer.redirected) url = answer.url;
  } catch {
    if (mine === visiting) going = "";
    say("The preview does not answer; is it still running?");
    return;
  }
  if (mine !== visiting) return;
  going = "";
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = $("#main", page);
  if (!fresh) {
    location.assign(url);
    return;
  }
  if (replace) history.replaceState(null, "", url);
  else if (new URL(url, location.href).href !== location.href) history.pushState(null, "", url);
  document.title = page.title;
  if (withTree) {
    treeIsOld = false;
    swapTree(page);
  }
  await swap(fresh, keep, focus && !replace);
}

function swapTree(page) {
  const list = $("#tree-list");
  const fresh = $("#tree-list", page);
  if (list && fresh) {
    const top = list.scrollTop;
    list.replaceWith(document.adoptNode(fresh));
    $("#tree-list").scrollTop = top;
    filterTree();
  }
}

async function swap(fresh, keep, focus) {
  const old = main();
  const active = document.activeElement;
  const id = old.contains(active) ? active.id : "";
  const same = old.dataset.page === fresh.dataset.page && $$("[data-region]", fresh).length > 0;
  if (!same) {
    old.replaceWith(document.adoptNode(fresh));
    if (focus) main().focus({ preventScroll: true });
  } else {
    const isOther = old.dataset.base !== fresh.dataset.base || old.dataset.mail !== fresh.dataset.mail;
    for (const name of Object.keys(fresh.dataset)) old.dataset[name] = fresh.dataset[name];
    for (const region of $$("[data-region]", fresh)) swapRegion(region, keep, isOther);
    if (id && !document.getElementById(id)?.matches(":focus")) document.getElementById(id)?.focus({ preventScroll: true });
  }
  settle();
}

function swapRegion(fresh, keep, isOther) {
  const name = fresh.dataset.region;
  if (name === "overlay") return; // goes with its stage
  const old = $(`[data-region="${name}"]`, main());
  if (!old || keep.includes(name)) return;
  if (name === "stage" && $("[data-frame]", old) && $("[data-frame]", fresh)) {
    const overlay = $('[data-region="overlay"]', fresh);
    swapIfOther($('[data-region="overlay"]', old), overlay);
    redraw($("[data-frame]", old), $("[data-frame]", fresh), isOther);
    return;
  }
  const scroller = (region) => (name === "drawer" ? region : $(".scroll, .code, .text-view", region));
  const top = isOther || old.dataset.panel !== fresh.dataset.panel ? 0 : scroller(old)?.scrollTop ?? 0;
  swapIfOther(old, fresh);
  if (top) scroller($(`[data-region="${name}"]`, main()))?.scrollTo({ top });
}

// The same words stay the same elements: nothing flickers, and a reader is not told twice.
function swapIfOther(old, fresh) {
  if (old.outerHTML !== fresh.outerHTML) old.replaceWith(document.adoptNode(fresh));
}

// ---- The mail's frame --------------------------------------------------------------------------------------------

// A frame is drawn as high as its document, so that it is the page that scrolls, and stays where it is while the mail
// is drawn anew. The mail's own frame cannot be looked into; so its height is taken from a second one, which nobody
// sees, which runs no scripts either, and which is gone at once.
async function measure(source, width) {
  const frame = document.createElement("iframe");
  frame.className = "measure";
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.width = width;
  frame.src = source + (source.includes("?") ? "&" : "?") + "measured";
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await Promise.race([loaded, wait(4000)]);
  let height = 0;
  try {
    const { documentElement, body } = frame.contentDocument;
    const wide = documentElement.scrollWidth > frame.clientWidth;
    // A document in quirks mode makes its body as high as the window.
    height = body && frame.contentDocument.compatMode === "BackCompat" ? body.scrollHeight : documentElement.scrollHeight;
    height += wide ? 17 : 0;
  } catch {
    height = 0;
  }
  frame.remove();
  return Math.min(height, 60000);
}

const drawn = new WeakMap();

async function fit(box, frame, source) {
  const width = frame.clientWidth || box.clientWidth;
  const height = await measure(source, width);
  // It fills its place at least.
  const room = (box.closest("[data-frame-scroll]")?.clientHeight ?? 0) - 32;
  if (height) frame.height = Math.max(height, room, 120);
  frame.dataset.fitted = "";
}

async function redraw(box, fresh, isOther) {
  const mine = (drawn.get(box) ?? 0) + 1;
  drawn.set(box, mine);
  const source = fresh.dataset.src;
  const before = $("iframe:not(.coming)", box);
  for (const late of $$("iframe.coming", box)) late.remove();
  const coming = $("iframe", fresh).cloneNode();
  const width = fresh.dataset.width;
  if (width) box.dataset.width = width;
  else delete box.dataset.width;
  // The other width shows at once; what is in the frame follows.
  if (width) before.width = width;
  else before.removeAttribute("width");
  coming.className = "coming";
  coming.src = source;
  coming.title = $("iframe", fresh).title;
  if (before.getAttribute("height")) coming.setAttribute("height", before.getAttribute("height"));
  const loaded = new Promise((resolve) => coming.addEventListener("load", resolve, { once: true }));
  box.append(coming);
  await Promise.all([Promise.race([loaded, wait(5000)]), fit(box, coming, source)]);
  if (drawn.get(box) !== mine) return;
  const scroller = box.closest("[data-frame-scroll]");
  const top = scroller?.scrollTop ?? 0;
  coming.className = "";
  for (const old of $$("iframe", box)) if (old !== coming) old.remove();
  box.dataset.src = source;
  if (scroller) scroller.scrollTop = isOther ? 0 : top;
  box.dataset.drawn = mine;
  document.dispatchEvent(new CustomEvent("notify:drawn"));
}

let fitting = 0;
function fitFrames(again = false) {
  for (const box of $$("[data-frame]", main())) {
    const frame = $("iframe:not(.coming)", box);
    if (frame && (again || !("fitted" in frame.dataset))) {
      fit(box, frame, box.dataset.src).then(() => document.dispatchEvent(new CustomEvent("notify:drawn")));
    }
  }
}
addEventListener("resize", () => {
  clearTimeout(fitting);
  fitting = setTimeout(() => fitFrames(true), 150);
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle) return;
  event.preventDefault();
  const box = handle.closest("[data-frame]");
  const frame = $("iframe", box);
  const center = box.getBoundingClientRect().left + box.clientWidth / 2;
  box.classList.add("dragging");
  box.dataset.width = frame.clientWidth;
  handle.setPointerCapture(event.pointerId);
  let width = frame.clientWidth;
  const move = (moved) => {
    width = Math.round(Math.min(1600, Math.max(240, Math.abs(moved.clientX - center) * 2)));
    frame.width = width;
    const field = $("[data-pixels]");
    if (field) field.value = width;
  };
  const stop = () => {
    handle.removeEventListener("pointermove", move);
    box.classList.remove("dragging");
    goTo({ w: width });
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", stop, { once: true });
  handle.addEventListener("pointercancel", stop, { once: true });
});

// The same page with another query.
function goTo(changes, options = {}) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "" || value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return visit(url.href, { focus: false, ...options });
}

// ---- Editing the data --------------------------------------------------------------------------------------------

function collect(element) {
  if (element.dataset.kind) {
    if (element.type === "checkbox") return element.checked;
    return element.dataset.kind === "yaml" ? { $yaml: element.value } : element.value;
  }
  const isList = "list" in element.dataset;
  const found = isList ? [] : {};
  for (const child of $$("[data-object], [data-list], [data-kind]", element)) {
    if (child.parentElement.closest("[data-object], [data-list]") !== element) continue;
    if (isList) found.push(collect(child));
    else found[child.dataset.name] = collect(child);
  }
  return found;
}

let editing = 0;
let typed = 0;

function edited(editor) {
  clearTimeout(typed);
  editor.dataset.dirty = "";
  typed = setTimeout(() => takeData(editor), 200);
}

// Whether what is shown is what was typed: takes what waits, and tells when it cannot be taken.
async function isTaken(form) {
  const editor = form.closest("[data-editor]");
  if (!editor || !("dirty" in editor.dataset)) return true;
  clearTimeout(typed);
  await takeData(editor);
  return !("dirty" in editor.dataset);
}

async function takeData(editor) {
  const mine = ++editing;
  const isForm = $("#edit-form", editor)?.getAttribute("aria-pressed") === "true";
  const body = isForm ? { values: collect($("[data-as-form] [data-object]", editor)) } : { yaml: $("[data-yaml]", editor).value };
  const answer = await ask(editor.dataset.url, "POST", body);
  if (mine !== editing || !editor.isConnected) return;
  showProblems(editor, answer, isForm);
  if (!answer.ok) {
    const count = (answer.problems?.length ?? 0) + (answer.faults?.length ?? 0);
    say(count === 1 ? "One value is wrong." : `${count} values are wrong.`);
    return;
  }
  delete editor.dataset.dirty;
  const reset = $("#reset", editor);
  if (reset) reset.disabled = answer.token === "";
  await goTo({ data: answer.token }, { replace: true, keep: ["drawer"] });
  const query = new URL(location.href).search;
  for (const form of $$("[data-url]", editor)) if (form.matches("form")) form.dataset.url = form.dataset.url.split("?")[0] + query;
}

function showProblems(editor, answer, isForm) {
  const general = $("[data-problem]", editor);
  const lines = [];
  for (const each of $$(".problem:not([data-problem])", editor)) {
    each.textContent = "";
    each.hidden = true;
  }
  for (const each of $$("[aria-invalid]", editor)) each.removeAttribute("aria-invalid");
  if (answer.error) lines.push(answer.error);
  for (const fault of answer.faults ?? []) {
    if (fault.path && isForm && mark(editor, fault.path, fault.message)) continue;
    lines.push(fault.line ? `line ${fault.line}: ${fault.message}` : fault.message);
  }
  for (const problem of answer.problems ?? []) {
    if (!(isForm && mark(editor, problem.path, problem.message))) lines.push(`${problem.name}: ${problem.message}`);
  }
  general.textContent = lines.join("\n");
  general.hidden = lines.length === 0;
}

// Put a problem at the field that it belongs to, or at the nearest around it.
function mark(editor, path, message) {
  for (let length = path.length; length > 0; length--) {
    const field = place(editor, path.slice(0, length));
    if (!field) continue;
    const problem = $(":scope > .problem, :scope > fieldset > .problem", field);
    if (!problem) return false;
    problem.textContent = problem.textContent ? `${problem.textContent}\n${message}` : message;
    problem.hidden = false;
    $("[data-kind]", field)?.setAttribute("aria-invalid", "true");
    return true;
  }
  return false;
}

// The field that some steps lead to, as the form is now.
function place(editor, path) {
  let element = $("[data-as-form] [data-object]", editor);
  for (const step of path) {
    const children = $$("[data-object], [data-list], [data-kind]", element).filter(
      (child) => child.parentElement.closest("[data-object], [data-list]") === element,
    );
    element = typeof step === "number" ? children[step] : children.find((child) => child.dataset.name === step);
    if (!element) return null;
  }
  return element.closest(".field");
}

let blanks = 0;
function addItem(button) {
  const list = button.closest("[data-list]");
  const blank = $(":scope > template[data-blank]", list);
  const number = 1000 + blanks++;
  const holder = document.createElement("template");
  holder.innerHTML = blank.innerHTML.replaceAll(blank.dataset.blank, number);
  const item = holder.content.firstElementChild;
  $(":scope > .items", list).append(item);
  $("[data-kind]", item)?.focus();
  edited(list.closest("[data-editor]"));
}

// ---- What buttons and forms do -----------------------------------------------------------------------------------

const does = {
  chrome() {
    const html = document.documentElement;
    const isDark = html.dataset.chrome ? html.dataset.chrome === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.chrome = isDark ? "light" : "dark";
    document.cookie = `notify_chrome=${html.dataset.chrome}; path=${root || "/"}; max-age=31536000; samesite=strict`;
  },
  keys() {
    document.getElementById("keys").showModal();
  },
  async copy(button) {
    const answer = await fetch(button.dataset.url);
    const text = await answer.text();
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
      button.closest("details")?.removeAttribute("open");
    } catch {
      say("The browser does not let the page copy.");
    }
  },
  async delete(button) {
    const answer = await ask(button.dataset.url, "DELETE");
    say(answer.ok ? `${answer.deleted} deleted.` : answer.error);
    if (button.dataset.then) await visit(button.dataset.then);
    else await visit(location.href, { replace: true });
  },
  async verify(button) {
    const verdict = $(".verdict", button.parentElement);
    button.disabled = true;
    verdict.className = "verdict";
    verdict.textContent = "Connecting…";
    const answer = await ask(button.dataset.url, "POST");
    verdict.className = answer.works ? "verdict good" : "verdict bad";
    verdict.textContent = answer.works ? "It works." : answer.error;
    button.disabled = false;
  },
  async act(button) {
    button.disabled = true;
    const answer = await ask(button.dataset.url, "POST", button.dataset.body ? JSON.parse(button.dataset.body) : undefined);
    say(answer.ok ? answer.message : answer.error);
    await visit(location.href, { replace: true });
    const told = $("[data-answer]", main());
    if (!answer.ok && told) [told.textContent, told.hidden] = [answer.error, false];
  },
  async golden(button) {
    const answer = await ask(button.dataset.url, "POST");
    say(answer.ok ? `Kept as ${answer.path}.` : answer.error);
    if (answer.ok) await visit(location.href, { replace: true });
  },
  "edit-as"(button) {
    const editor = button.closest("[data-editor]");
    const isYaml = button.dataset.as === "yaml";
    if (!("dirty" in editor.dataset)) {
      // The other side is made by the server, of what is shown now.
      visit(location.href, { replace: true }).then(() => showSide(isYaml));
    } else showSide(isYaml);
  },
  reset(button) {
    visit(button.dataset.url, { replace: true });
  },
};

function showSide(isYaml) {
  const editor = $("[data-editor]");
  if (!editor) return;
  $("#edit-yaml", editor).setAttribute("aria-pressed", isYaml);
  $("#edit-form", editor).setAttribute("aria-pressed", !isYaml);
  $("[data-as-yaml]", editor).hidden = !isYaml;
  const form = $("[data-as-form]", editor);
  if (form) form.hidden = isYaml;
  sessionStorage.setItem("notify-edit", isYaml ? "yaml" : "form");
}

const submits = {
  search(form) {
    const query = new FormData(form).get("q");
    visit(form.dataset.url + (query ? `?q=${encodeURIComponent(query)}` : ""));
  },
  revision(form) {
    visit(form.dataset.url + encodeURIComponent(new FormData(form).get("revision") || "HEAD"));
  },
  async save(form) {
    if (!(await isTaken(form))) return;
    const verdict = $(".verdict", form);
    const answer = await ask(form.dataset.url, "POST", { name: new FormData(form).get("name") });
    if (answer.ok) {
      say("Saved.");
      await visit(root + answer.url);
    } else {
      verdict.className = "verdict bad";
      verdict.textContent = answer.error;
    }
  },
  async send(form) {
    if (!(await isTaken(form))) return;
    const receipt = $(".receipt", form);
    const button = $("button", form);
    button.disabled = true;
    receipt.hidden = false;
    receipt.className = "receipt";
    receipt.textContent = "Sending…";
    const data = new FormData(form);
    const answer = await ask(form.dataset.url, "POST", { to: data.get("to"), transport: data.get("transport") });
    button.disabled = false;
    receipt.className = answer.ok ? "receipt" : "receipt bad";
    if (!answer.ok) {
      receipt.textContent = answer.error;
      return;
    }
    const lines = [`${answer.transport} accepted it for ${answer.accepted.join(", ") || "nobody"}`];
    if (answer.response) lines.push(answer.response);
    for (const [address, error] of Object.entries(answer.rejected)) lines.push(`${address} was refused: ${error.message}`);
    lines.push(answer.message_id);
    receipt.textContent = lines.join("\n");
  },
};

document.addEventListener("click", (event) => {
  const target = event.target.closest("a, button");
  if (!target || event.defaultPrevented) return;
  for (const menu of $$("details.menu[open]")) if (!menu.contains(target)) menu.removeAttribute("open");
  if (target.matches("button[data-do]")) {
    event.preventDefault();
    does[target.dataset.do]?.(target);
  } else if (target.matches("[data-add]")) {
    addItem(target);
  } else if (target.matches("[data-remove]")) {
    const editor = target.closest("[data-editor]");
    const list = target.closest("[data-list]");
    target.closest(".item").remove();
    $(":scope > [data-add]", list)?.focus();
    edited(editor);
  } else if (target.matches("a[data-visit]") && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    document.body.classList.remove("show-tree");
    visit(target.href);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.do) {
    event.preventDefault();
    submits[form.dataset.do]?.(form);
  } else if (form.matches("[data-as-form]")) {
    event.preventDefault();
  }
});

document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.id === "filter") filterTree();
  else if (target.closest("[data-as-form], [data-as-yaml]")) edited(target.closest("[data-editor]"));
});

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("[data-go]")) visit(target.value);
  else if (target.matches("[data-pixels]")) goTo({ w: target.value });
  else if (target.matches("[data-auto-open]")) sessionStorage.setItem("notify-auto-open", target.checked ? "yes" : "");
});

// ---- Filters -----------------------------------------------------------------------------------------------------

function filterTree() {
  const words = document.getElementById("filter")?.value.trim().toLowerCase() ?? "";
  const groups = new Map();
  let shown = 0;
  for (const item of $$("#tree-list > li")) {
    const link = $("a", item);
    if (!link) {
      groups.set(item, false);
      continue;
    }
    const isShown = `${link.dataset.id} ${link.title}`.toLowerCase().includes(words);
    item.hidden = !isShown;
    if (isShown) {
      shown++;
      for (const group of groups.keys()) if (link.dataset.id.startsWith(`${group.dataset.group}.`)) groups.set(group, true);
    }
  }
  for (const [group, isShown] of groups) group.hidden = !isShown;
  const empty = document.getElementById("filter-empty");
  if (empty) empty.hidden = shown > 0;
  filterRows(words);
}

// The table of the first page shows what the list beside it shows.
function filterRows(words) {
  const rows = $$("[data-filtered] tbody tr", main());
  let shown = 0;
  for (const row of rows) {
    row.hidden = !row.textContent.toLowerCase().includes(words);
    if (!row.hidden) shown++;
  }
  const count = $("[data-count]", main());
  if (count) count.textContent = shown === rows.length ? rows.length : `${shown} of ${rows.length}`;
}

// ---- Keys --------------------------------------------------------------------------------------------------------

let leader = 0;

function step(by) {
  if (main()?.dataset.page === "mail") {
    $(`[data-step="${by > 0 ? "j" : "k"}"]`, main())?.click();
    return;
  }
  const isList = ["mailbox", "outbox", "log"].includes(main()?.dataset.page);
  const links = isList
    ? $$("[data-list] a")
    : $$("#tree-list > li:not([hidden]) a");
  if (!links.length) return;
  const current = isList
    ? links.indexOf(document.activeElement)
    : links.findIndex((link) => link.dataset.id === main().dataset.notification);
  const next = links[Math.min(links.length - 1, Math.max(0, current < 0 ? (by > 0 ? 0 : links.length - 1) : current + by))];
  if (isList) next.focus();
  else {
    next.scrollIntoView({ block: "nearest" });
    visit(next.href, { focus: false });
  }
}

const keys = {
  "/": () => (document.getElementById("search") ?? document.getElementById("filter"))?.focus(),
  j: () => step(1),
  k: () => step(-1),
  e: () => {
    const editor = $("[data-editor]");
    if (editor) $$("[data-kind], [data-yaml]", editor).find((field) => field.offsetParent)?.focus();
    else goTo({ panel: "" }).then(() => $("[data-editor] [data-kind], [data-yaml]")?.focus());
  },
  r: () => visit(location.href, { replace: true, whole: true }),
  s: () => {
    document.body.classList.toggle("no-tree");
    document.body.classList.toggle("show-tree");
  },
  "?": () => does.keys(),
  x: () => {
    const row = document.activeElement?.closest?.(".mail-row");
    if (row) $("button[data-do=delete]", row).click();
    else $('[data-key="x"]', main())?.click();
  },
  Escape: () => {
    $("details.menu[open]")?.removeAttribute("open");
    $('[data-key="Escape"]', main())?.click();
  },
};
const after = { n: "/", m: "/mailbox", o: "/outbox", l: "/log", c: "/checks", t: "/transports" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.getElementById("keys").open) return;
  const isTyping = event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (isTyping) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (leader && Date.now() - leader < 1500 && after[event.key]) {
    leader = 0;
    event.preventDefault();
    const page = { o: "outbox", l: "log" }[event.key];
    if (!page || $(`[data-page-link="${page}"]`)) visit(root + after[event.key]);
    return;
  }
  leader = event.key === "g" ? Date.now() : 0;
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
    return;
  }
  const target = $(`[data-key="${CSS.escape(event.key)}"]`, main());
  if (target && !(event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    target.click();
  }
});

// ---- What happens meanwhile --------------------------------------------------------------------------------------

let newest = "";

function listen() {
  const events = new EventSource(`${root}/events`);
  let version = "";
  const on = (kind, take) => events.addEventListener(kind, (event) => take(JSON.parse(event.data)));
  on("hello", (hello) => {
    if (version && version !== hello.version) location.reload();
    version = hello.version;
    document.documentElement.dataset.listening = "";
  });
  on("changed", (changed) => refresh(changed.notifications, changed.all));
  on("reset", () => refresh([], true));
  on("status", ({ standings }) => {
    for (const [name, word] of Object.entries(standings)) {
      for (const link of $$(`[data-id="${CSS.escape(name)}"], [data-row="${CSS.escape(name)}"]`)) {
        const dot = $("[data-dot]", link);
        if (dot) {
          dot.className = `dot dot-${word}`;
          dot.setAttribute("aria-label", word === "good" ? "nothing found" : word);
        }
      }
    }
    if (["index", "checks"].includes(main()?.dataset.page)) visit(location.href, { replace: true, focus: false });
  });
  on("trouble", ({ message }) => {
    const trouble = document.getElementById("trouble");
    trouble.textContent = message;
    trouble.hidden = !message;
  });
  on("mail", arrived);
}

async function refresh(names, all) {
  const { page, notification } = main()?.dataset ?? {};
  const known = new Set($$("#tree-list [data-id]").map((link) => link.dataset.id));
  const isOther = all || names.some((name) => !known.has(name)) || [...known].some((name) => names.includes(name) && page === "index");
  const concerned = all || !notification || names.includes(notification);
  if (["mailbox", "mail", "outbox", "job", "log", "logged", "transports"].includes(page)) {
    if (!all) return;
  } else if (!concerned && !isOther) return;
  const editor = $("[data-editor]");
  const isEditing = editor && (editor.contains(document.activeElement) || "dirty" in editor.dataset);
  await visit(location.href, { replace: true, focus: false, whole: isOther, keep: isEditing ? ["drawer"] : [] });
  if (page === "matrix" || page === "export") for (const frame of $$("iframe", main())) frame.src = frame.src;
}

async function arrived() {
  const page = main()?.dataset.page;
  const found = await ask(`${root}/api/mailbox`, "GET");
  const first = found.mails?.[0]?.id ?? "";
  const isNew = first !== "" && newest !== "" && first !== newest;
  newest = first;
  const badge = $("[data-new-mail]");
  if (page === "mailbox") {
    if (isNew && $("[data-auto-open]")?.checked) await visit(`${root}/mailbox/${first}`);
    else await visit(location.href, { replace: true, focus: false });
    if (isNew) say(`New mail: ${found.mails[0].subject}`);
  } else if (isNew && badge) {
    badge.hidden = false;
    say(`New mail: ${found.mails[0].subject}`);
  }
}

// ---- After each page ---------------------------------------------------------------------------------------------

function settle() {
  if (document.getElementById("filter")?.value) filterTree();
  const { page, notification } = main()?.dataset ?? {};
  const section = { mail: "mailbox", job: "outbox", logged: "log", workbench: "index", matrix: "index", diff: "index" }[page] ?? page;
  for (const link of $$("[data-page-link]")) {
    if (link.dataset.pageLink === section) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const link of $$("#tree-list [data-id]")) {
    if (link.dataset.id === notification) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (section === "mailbox") {
    const badge = $("[data-new-mail]");
    if (badge) badge.hidden = true;
    const auto = $("[data-auto-open]");
    if (auto) auto.checked = sessionStorage.getItem("notify-auto-open") === "yes";
  }
  const editor = $("[data-editor]");
  if (editor && $("[data-as-form]", editor) && sessionStorage.getItem("notify-edit") === "yaml") showSide(true);
  fitFrames();
}

addEventListener("popstate", () => {
  going = "";
  visit(location.href, { replace: true, whole: true });
});
if (main()) {
  settle();
  if (isLive) {
    listen();
    ask(`${root}/api/mailbox`, "GET").then((found) => (newest = found.mails?.[0]?.id ?? "none"));
  }
}
