// Sorts the tables and shows one slice at a time; without it both are still there to be read.
"use strict";
(() => {
  const collate = new Intl.Collator("en", { numeric: true }).compare;

  // What is undefined comes last, whichever way a table is sorted.
  function compare(a, b, numbers, sign) {
    if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
    return sign * (numbers ? Number(a) - Number(b) : collate(a, b));
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.dataset.sort) return;
      const numbers = head.dataset.sort === "number";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorter";
      button.append(...head.childNodes);
      head.append(button);
      button.onclick = () => {
        const was = head.getAttribute("aria-sort");
        const down = was ? was === "ascending" : numbers;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].dataset.value ?? "";
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(value(a), value(b), numbers, down ? -1 : 1));
        table.tBodies[0].append(...rows);
      };
    });
  }

  // Who walks through the headings by key sees each whole, beside the column that stays.
  for (const frame of document.querySelectorAll(".wide"))
    frame.addEventListener("focusin", (e) => {
      if (e.target !== frame) e.target.scrollIntoView({ block: "nearest", inline: "nearest" });
    });

  for (const chooser of document.querySelectorAll("[data-chooser]")) {
    const select = chooser.querySelector("select");
    const choose = () => {
      for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== select.value;
    };
    select.onchange = choose;
    chooser.hidden = false;
    choose();
  }
})();
