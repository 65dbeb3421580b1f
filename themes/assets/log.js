// Filters for the decision log: person, kind, document, gate, mark, words. The page is whole without it. What is chosen
// stands in the address after "#", so that it can be sent to somebody; months that hold some of it are unfolded. Where the
// pack has a time zone, its day and hour stand beside those of UTC.
(() => {
  "use strict";

  const place = document.querySelector(".filters");
  const months = place ? Array.from(document.querySelectorAll(".month"), month => ({ month, open: month.open })) : [];
  if (!months.length) return;

  function localise(zone) {
    const city = zone.split("/").pop().replaceAll("_", " ");
    const format = (parts, timeZone) => new Intl.DateTimeFormat("en-GB", { ...parts, timeZone });
    const [date, time] = [{ day: "numeric", month: "short" }, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }];
    let formats;
    try {
      formats = [format(date, zone), format(time, zone), format(date, "UTC")];
    } catch {
      return;
    }
    document.querySelectorAll("tr[data-kind] time").forEach(moment => {
      const [day, hour, utc] = formats.map(one => one.format(new Date(moment.dateTime)));
      const local = document.createElement("span");
      local.className = "quiet";
      local.textContent = (day === utc ? "" : day + ", ") + hour + " " + city;
      moment.append(" ", local);
    });
  }
  if (place.dataset.zone) localise(place.dataset.zone);

  const rows = Array.from(document.querySelectorAll("tr[data-kind]"), row => ({
    row,
    who: row.dataset.who.split("|").filter(Boolean),
    kind: [row.dataset.kind].filter(Boolean),
    document: [row.querySelector(".id").textContent],
    gate: [row.dataset.gate].filter(Boolean),
    mark: row.dataset.mark.split("|").filter(Boolean),
    words: row.textContent.toLowerCase(),
  }));
  const fields = [["who", "Person"], ["kind", "Kind"], ["document", "Document"], ["gate", "Gate"], ["mark", "Mark"]];
  const said = document.createElement("p");
  said.setAttribute("role", "status");

  function label(text, control) {
    const element = document.createElement("label");
    element.append(text, control);
    place.append(element);
    return control;
  }

  function choice(name, text) {
    const values = [...new Set(rows.flatMap(one => one[name]))].sort((one, other) => one.localeCompare(other));
    if (values.length < (name === "mark" ? 1 : 2)) return null;
    const select = document.createElement("select");
    select.name = name;
    select.append(new Option("All", ""), ...values.map(value => new Option(value, value)));
    return label(text, select);
  }

  const choices = fields.map(([name, text]) => choice(name, text)).filter(Boolean);
  const words = document.createElement("input");
  words.type = "search";
  words.name = "words";
  label("Words", words);
  place.after(said);
  const controls = [...choices, words];

  function filter() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach(one => {
      const chosen = choices.every(select => !select.value || one[select.name].includes(select.value));
      one.row.hidden = !chosen || !wanted.every(word => one.words.includes(word));
      if (!one.row.hidden) count += 1;
    });
    const isChosen = controls.some(control => control.value);
    months.forEach(({ month, open }) => {
      month.hidden = !month.querySelector("tr[data-kind]:not([hidden])");
      month.open = isChosen || open;
    });
    said.textContent = isChosen ? count + " of " + rows.length + " shown" : "";
  }

  function remember() {
    const chosen = new URLSearchParams();
    controls.forEach(control => { if (control.value) chosen.set(control.name, control.value); });
    history.replaceState(null, "", chosen.size ? "#" + chosen : location.pathname + location.search);
    filter();
  }

  function recall() {
    const chosen = new URLSearchParams(location.hash.slice(1));
    controls.forEach(control => { control.value = chosen.get(control.name) || ""; });
    filter();
  }

  controls.forEach(control => control.addEventListener("input", remember));
  addEventListener("hashchange", recall);
  recall();
})();
