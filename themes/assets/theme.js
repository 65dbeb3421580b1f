// Runs before the page is painted: marks that scripts run and restores the chosen colours.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("readymark-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) {
    // Storage may be refused; the system's colours hold.
  }
})();
