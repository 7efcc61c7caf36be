// The merge workbench: drag items onto a project (mouse, pen or touch), go with the keys from items to projects, and
// see at once what it adds up to. Every act is a button of the form, so that nothing here is needed to do it.
const main = document.querySelector("#main");
const spoken = document.createElement("p");
spoken.className = "vh";
spoken.setAttribute("role", "status");
document.body.append(spoken);
const say = (text) => { spoken.textContent = text; };

const bench = () => document.querySelector("[data-merging]");
const picked = () => [...bench().querySelectorAll("[data-pick] input:checked")];
const row = (thing) => thing.closest("[data-pick]");
const baht = (satang) => `฿${(satang / 100).toLocaleString("en-US", { minimumFractionDigits: satang % 100 ? 2 : 0 })}`;

// What is picked, in words, and which projects it would overfill.
function reckon() {
  const boxes = picked();
  const sum = boxes.reduce((total, box) => total + Number(row(box).dataset.pick), 0);
  const line = bench().querySelector("[data-sum]");
  if (!line) return "";
  const words = boxes.length ? bench().dataset.picked.replace("{num}", boxes.length).replace("{sum}", baht(sum)) : bench().dataset.none;
  line.textContent = words;
  line.hidden = false;
  for (const over of bench().querySelectorAll("[data-over]")) {
    const project = over.closest("[data-drop]");
    const inside = boxes.filter((box) => project.contains(box)).reduce((total, box) => total + Number(row(box).dataset.pick), 0);
    over.hidden = !(boxes.length && "room" in project.dataset && sum - inside > Number(project.dataset.room));
  }
  return words;
}

function ready() {
  if (!bench()) return;
  for (const hint of bench().querySelectorAll("[data-keys]")) hint.hidden = false;
  reckon();
}

// -- Sending without leaving the place -----------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-swap]") || (button?.name === "do" && ["new", "not-yet"].includes(button.value))) return;
  event.preventDefault();
  if (main.ariaBusy === "true") return;
  const sent = new URLSearchParams(new FormData(form));
  if (button?.name) sent.append(button.name, button.value);
  main.ariaBusy = "true";
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("[data-merging]")) show(page, button?.id);
    else if (answer.ok) location.assign(answer.url);
    else show(page);
  } catch {
    location.reload();
  } finally {
    main.ariaBusy = "false";
  }
});

function show(page, id) {
  const open = [...main.querySelectorAll("details[open][id]")].map((one) => one.id);
  const aside = main.querySelector(".workbench > aside");
  const [top, inner] = [scrollY, aside?.scrollTop ?? 0];
  main.replaceChildren(...page.querySelector("#main").childNodes);
  document.title = page.title;
  for (const one of open) document.getElementById(one)?.setAttribute("open", "");
  const wrong = main.querySelector(".error-summary");
  scrollTo(0, top);
  const now = main.querySelector(".workbench > aside");
  if (now) now.scrollTop = inner;
  if (wrong) wrong.focus();
  else (document.getElementById(id) ?? main.querySelector("#items input") ?? main).focus({ preventScroll: true });
  ready();
  say(main.querySelector(".error-summary li, .flash p, h1")?.textContent.trim() ?? "");
}

// -- Keys ------------------------------------------------------------------------------------------------------------

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick] input")) say(reckon());
});

const next = (list, thing, step) => list[list.indexOf(thing) + step]?.focus();

document.addEventListener("keydown", (event) => {
  if (!bench() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && drag) return stop();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const puts = [...bench().querySelectorAll("[name=to]")];
  if (event.target.matches("[data-pick] input")) {
    if (step) next([...bench().querySelectorAll("[data-pick] input")].filter((box) => box.checkVisibility()), event.target, step);
    else if (event.key === "Enter") {
      if (!picked().length) event.target.checked = true;
      say(reckon());
      back = event.target.id;
      puts[0]?.focus();
    } else return;
  } else if (event.target.matches("[name=to]")) {
    if (step) next(puts, event.target, step);
    else if (event.key === "Escape") (document.getElementById(back) ?? main.querySelector("#items input"))?.focus();
    else return;
  } else return;
  event.preventDefault();
});
let back = "";

// -- Dragging ----------------------------------------------------------------------------------------------------------

let drag = null;

document.addEventListener("pointerdown", (event) => {
  const line = event.target.closest?.(".pick");
  const byHand = event.pointerType === "mouse" || event.target.closest("[data-grip]");
  if (!line || !byHand || event.button || event.target.closest("input, a, button, summary")) return;
  drag = { line, x: event.clientX, y: event.clientY, ghost: null, over: null };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
  if (!drag.ghost) start();
  drag.ghost.style.translate = `${event.clientX + 12}px ${event.clientY + 12}px`;
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]") ?? null;
  if (over !== drag.over) {
    drag.over?.classList.remove("drop-over");
    over?.classList.add("drop-over");
    drag.over = over;
  }
  const part = document.elementFromPoint(event.clientX, event.clientY)?.closest("aside");
  const step = event.clientY < 70 ? -14 : event.clientY > innerHeight - 70 ? 14 : 0;
  if (step) (part && part.scrollHeight > part.clientHeight ? part : window).scrollBy(0, step);
});

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { ghost, over } = drag;
  stop();
  if (!ghost) return;
  addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
  setTimeout(() => {
    if (!over) return;
    const button = over.dataset.drop ? over.querySelector("[name=to]") : document.getElementById("take");
    if (over.dataset.drop || picked().every((box) => box.name === "links")) bench().requestSubmit(button);
  });
});
document.addEventListener("pointercancel", () => stop());
document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".pick")) event.preventDefault(); });

// A line that is picked takes all that is picked along; any other goes alone.
function start() {
  const box = drag.line.querySelector("input");
  if (!box.checked) for (const other of picked()) other.checked = false;
  box.checked = true;
  const words = reckon();
  drag.ghost = document.createElement("div");
  drag.ghost.className = "drag-ghost";
  drag.ghost.textContent = picked().length > 1 ? words : drag.line.querySelector("label span").textContent;
  document.body.append(drag.ghost);
  document.body.classList.add("dragging");
  for (const one of picked()) row(one).classList.add("dragged");
}

function stop() {
  drag?.ghost?.remove();
  drag?.over?.classList.remove("drop-over");
  document.body.classList.remove("dragging");
  for (const one of main.querySelectorAll(".dragged")) one.classList.remove("dragged");
  drag = null;
}

ready();
