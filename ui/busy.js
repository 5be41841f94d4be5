// Tells the page when the server has no room for a question: Gradio itself would not say when to come again.
(() => {
  const plain = window.fetch.bind(window);
  window.fetch = async (...given) => {
    const reply = await plain(...given);
    const address = typeof given[0] === "string" ? given[0] : given[0]?.url || String(given[0]);
    if (reply.status === 503 && address.includes("/queue/join")) {
      reply
        .clone()
        .json()
        .then((said) => document.dispatchEvent(new CustomEvent("dl-busy", { detail: said })))
        .catch(() => {});
    }
    return reply;
  };
})();
