"""How much of the article, and how little else, comes out of saved pages: our loader beside trafilatura.

Run as `python -m benchmarks.extraction [FOLDER] [--json FILE] [--worst N]`. FOLDER holds `ground_truth.json`
(page id -> `articleBody`) and `html/ID.html.gz`: the layout of Scrapinghub's article-extraction-benchmark.
The score is that benchmark's: per page, precision and recall of the multiset of 4-word shingles; F1 of the
two means.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from index.clean import clean
from index.loaders import load
from index.schema import Page

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "article_extraction"
SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Score:
    """Means over pages, and the seconds that extraction took."""

    f1: float
    precision: float
    recall: float
    pages: int
    seconds: float


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text with their counts; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))


def precision_recall(found: str, true: str) -> tuple[float, float]:
    """Return the share of found shingles that are true, and of true ones that were found."""
    ours, theirs = shingles(found), shingles(true)
    common = sum((ours & theirs).values())
    if not ours and not theirs:
        return 1.0, 1.0
    return common / max(1, sum(ours.values())), common / max(1, sum(theirs.values()))


def dateline(path: Path) -> str:
    """Return a page's text as our loader and cleaning leave it."""
    return "\n".join(clean(page).text for page in load(path) if isinstance(page, Page))


def trafilatura_default(path: Path) -> str:
    """Return a page's text as trafilatura extracts it with its own settings."""
    from trafilatura import extract

    return extract(gzip.decompress(path.read_bytes()).decode("utf-8")) or ""


def trafilatura_without_comments(path: Path) -> str:
    """Return a page's text as trafilatura extracts it when told to leave comments out."""
    from trafilatura import extract

    return extract(gzip.decompress(path.read_bytes()).decode("utf-8"), include_comments=False) or ""


EXTRACTORS: dict[str, Callable[[Path], str]] = {
    "dateline": dateline,
    "trafilatura": trafilatura_default,
    "trafilatura, no comments": trafilatura_without_comments,
}


def measure(folder: Path, extract: Callable[[Path], str]) -> tuple[Score, Mapping[str, tuple[float, float]]]:
    """Score one extractor; also return precision and recall of each page by its id."""
    truth = json.loads((folder / "ground_truth.json").read_text(encoding="utf-8"))
    started = time.perf_counter()
    texts = {page: extract(folder / "html" / f"{page}.html.gz") for page in truth}
    seconds = time.perf_counter() - started
    pages = {page: precision_recall(texts[page], truth[page]["articleBody"]) for page in truth}
    precision = sum(one for one, _ in pages.values()) / len(pages)
    recall = sum(one for _, one in pages.values()) / len(pages)
    f1 = 2 * precision * recall / (precision + recall)
    return Score(round(f1, 4), round(precision, 4), round(recall, 4), len(pages), round(seconds, 1)), pages


def main() -> None:
    """Print one line an extractor, and with --worst the pages where ours is weakest."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--json", type=Path, help="write the scores to this file")
    parser.add_argument("--worst", type=int, default=0, help="print this many of our weakest pages")
    options = parser.parse_args()
    if not (options.folder / "ground_truth.json").is_file():
        raise SystemExit(f"There is no ground_truth.json in {options.folder}.")
    scores = {}
    for name, extract in EXTRACTORS.items():
        score, pages = measure(options.folder, extract)
        scores[name] = asdict(score)
        print(
            f"{name:26} F1 {score.f1:.4f}  precision {score.precision:.4f}  recall {score.recall:.4f}"
            f"  pages {score.pages}  {score.seconds:.1f} s"
        )
        if name == "dateline":
            for page in sorted(pages, key=lambda one: sum(pages[one]))[: options.worst]:
                print(f"    {page[:12]}  precision {pages[page][0]:.2f}  recall {pages[page][1]:.2f}")
    if options.json:
        options.json.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
