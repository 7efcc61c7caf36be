// Keys of the desk: j and k (or the arrows inside a list) go from item to item, x ticks one, numbers choose: a part of the
// inbox, or the answer to the line of the card in focus; the box in the head ticks all. They rest while somebody types and can be switched off.
const OFF = "desk-keys-off";
const toggle = document.querySelector("[data-keys-on]");
const entries = () => [...document.querySelectorAll("[data-rows] tbody tr, [data-rows] fieldset.criterion")];
const isTyping = (target) => target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
const isOff = () => localStorage.getItem(OFF) === "1";

if (toggle) {
  toggle.checked = !isOff();
  toggle.closest("[hidden]")?.removeAttribute("hidden");
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "0" : "1"));
}

const whole = document.querySelector("[data-rows] [data-all]");
if (whole) {
  whole.hidden = false;
  whole.addEventListener("change", () => {
    for (const box of document.querySelectorAll("[data-rows] tbody [type=checkbox]")) box.checked = whole.checked;
  });
}

function step(list, at, by) {
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  next?.querySelector("a, input:checked, input[type=radio]")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  const list = entries();
  const at = list.findIndex((entry) => entry.contains(event.target));
  const isRadio = event.target.matches("input[type=radio]");
  if (at >= 0 && !isRadio && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    step(list, at, event.key === "ArrowDown" ? 1 : -1);
  } else if (isOff()) {
    return;
  } else if (event.key === "j" || event.key === "k") {
    step(list, at, event.key === "j" ? 1 : -1);
  } else if (event.key === "x" && at >= 0) {
    const box = list[at].querySelector("[type=checkbox]");
    if (box) box.checked = !box.checked;
  } else if (/^[1-9]$/.test(event.key)) {
    const answer = at >= 0 ? list[at].querySelectorAll("input[type=radio]")[event.key - 1] : undefined;
    const part = document.querySelectorAll(".tabs a")[event.key - 1];
    if (answer) {
      answer.click();
      answer.focus();
    } else if (part && !document.querySelector("fieldset.criterion")) {
      part.click();
    }
  } else {
    return;
  }
  event.preventDefault();
});
