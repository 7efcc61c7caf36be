// Reckons up budget lines while they are typed, as the portal does when they are sent: thousandths times satang, halves up.
const THAI = "๐๑๒๓๔๕๖๗๘๙";
const plain = (text) => text.replace(/[๐-๙]/g, (digit) => THAI.indexOf(digit)).replace(/[\s,฿]/g, "");
// A figure as a whole number of its smallest part, or null.
const whole = (text, places) => {
  const found = plain(text).match(/^(\d+)(?:\.(\d+))?$/);
  if (!found || (found[2] ?? "").length > places) return null;
  return BigInt(found[1] + (found[2] ?? "").padEnd(places, "0"));
};
const baht = (satang) => {
  const [all, part] = [satang / 100n, satang % 100n];
  return `฿${all.toLocaleString("en")}${part ? `.${String(part).padStart(2, "0")}` : ""}`;
};

for (const table of document.querySelectorAll("[data-budget]")) {
  const rows = [...table.tBodies[0].rows];
  const reckon = () => {
    let total = 0n;
    for (const row of rows) {
      const many = whole(row.querySelector("[name$=quantity]").value, 3);
      const price = whole(row.querySelector("[name$=unit_price]").value, 2);
      const satang = many === null || price === null ? null : (many * price + 500n) / 1000n;
      row.querySelector("[data-amount]").textContent = satang === null ? "" : baht(satang);
      total += satang ?? 0n;
    }
    table.querySelector("[data-total]").textContent = baht(total);
  };
  table.addEventListener("input", reckon);
}
