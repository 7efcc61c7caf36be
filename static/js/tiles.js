// Arrow keys on the tile map: one stop for Tab, then north, south, west and east.
for (const map of document.querySelectorAll("[data-tiles]")) {
  const tiles = [...map.querySelectorAll("a")];
  const place = (tile) => [Number(tile.dataset.column), Number(tile.dataset.row)];
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const stop = (tile) => tiles.forEach((other) => { other.tabIndex = other === tile ? 0 : -1; });
  stop(tiles.find((tile) => tile.hasAttribute("aria-current")) ?? tiles[0]);
  map.addEventListener("focusin", (event) => stop(event.target));
  map.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const [x, y] = place(event.target);
    // The nearest tile that way; a step aside counts three times a step ahead.
    const ahead = tiles
      .map((tile) => {
        const [dx, dy] = [place(tile)[0] - x, place(tile)[1] - y];
        const forward = dx * way[0] + dy * way[1];
        return { tile, forward, cost: forward + 3 * Math.abs(dx * way[1] + dy * way[0]) };
      })
      .filter(({ forward }) => forward > 0)
      .sort((a, b) => a.cost - b.cost)[0];
    ahead?.tile.focus();
  });
}
