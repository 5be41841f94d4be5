// Gives the page's first question the numbers that its conversation had when the page was loaded again.
(arrived) => {
  try {
    const kept = JSON.parse(sessionStorage.getItem("dateline.conversation"));
    return [arrived, location.search.startsWith(kept.address) ? JSON.stringify(kept.numbering) : ""];
  } catch {
    return [arrived, ""];
  }
}
