// Arrow keys inside a list of items: down and up go from item to item, x ticks the one in focus.
for (const table of document.querySelectorAll("[data-rows]")) {
  table.addEventListener("keydown", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) {
      row[step]?.querySelector("a")?.focus();
    } else if (event.key === "x") {
      const box = row.querySelector("[type=checkbox]");
      if (box) box.checked = !box.checked;
    } else {
      return;
    }
    event.preventDefault();
  });
}
