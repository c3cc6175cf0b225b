/* Ages inside the detail the server rendered: `data-age-from` (epoch ms) keeps counting. */
(function (lm) {
  "use strict";

  lm.mountAges = function (page) {
    page.every(1000, () => {
      for (const node of page.root.querySelectorAll("[data-age-from]")) {
        const ms = page.store.now() - Number(node.dataset.ageFrom);
        lm.put(node, lm.format.age(ms, node.dataset.ageTicking === "1"));
      }
    });
    page.listen(page.root, "click", (event) => {
      const data = event.target.closest("[data-choose]")?.dataset;
      if (data) page.selection.choose(data.choose, data.chooseId, { center: data.chooseCenter === "1" });
      if (event.target.closest("[data-go]")) page.selection.goTo();
    });
  };
})(window.liveMap);
