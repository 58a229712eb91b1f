// "Near me": asks the device only after a press, and sends no more than about a kilometre of what it says.
const line = document.querySelector("[data-near]");
if (line && "geolocation" in navigator) {
  const [button, said] = [line.querySelector("button"), line.querySelector("[role=status]")];
  line.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const asked = new URLSearchParams(new FormData(line.closest("form")));
        asked.delete("q");
        asked.set("near", `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
        location.assign(`${location.pathname}?${asked}`);
      },
      () => {
        button.disabled = false;
        said.textContent = said.dataset.refused;
      },
      { maximumAge: 600000, timeout: 15000 },
    );
  });
}
