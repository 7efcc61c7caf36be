// Says how many characters are left in each textarea with data-counter.
for (const area of document.querySelectorAll("textarea[data-counter]")) {
  const line = document.getElementById(`${area.id}-counter`);
  const limit = Number(area.dataset.counter);
  let pause;
  const tell = () => {
    const left = limit - [...area.value].length;
    const words = left < 0 ? line.dataset.over : line.dataset.left;
    line.textContent = words.replace("{n}", Math.abs(left).toLocaleString("en"));
    line.classList.toggle("over", left < 0);
  };
  // A pause before speaking, so that a screen reader hears the figure and not every keystroke.
  area.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(tell, 400); });
  line.setAttribute("aria-live", "polite");
  if (area.value) tell();
}
