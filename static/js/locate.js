// Fills in the point one stands at: the button is shown only where the device can tell.
for (const button of document.querySelectorAll("[data-locate]")) {
  if (!navigator.geolocation) continue;
  const field = document.getElementById(button.dataset.locate);
  const said = document.getElementById(`${button.dataset.locate}-said`);
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        said.textContent = button.dataset.done.replace("{n}", Math.round(coords.accuracy));
      },
      () => { said.textContent = button.dataset.refused; },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
}
