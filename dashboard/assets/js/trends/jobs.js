/* Buttons of long calculations: stop one, or let it begin again; then the picture asks anew. */
(function () {
  "use strict";
  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  async function act(button) {
    button.disabled = true;
    try {
      await fetch("/trends/jobs", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": decodeURIComponent(cookie("csrf")) },
        body: JSON.stringify({ job: button.dataset.job, action: button.dataset.jobAction }),
      });
    } finally {
      button.disabled = false;
      const part = button.closest("[id$='-content']")?.id.replace(/^trends-|-content$/g, "");
      window.trends.refresh(part);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-job]");
    if (button) act(button);
  });
})();
