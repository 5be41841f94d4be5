"""Results made by hand, and a small library, for the tests of the evaluation."""

import json

from eval.schema import Case, Evidence, Located, Outcome, Place, Result, Retrieved

ARTICLES = (
    {
        "id": "signing",
        "title": "Ferry deal signed",
        "outlet": "The Quay Gazette",
        "published": "2025-10-14",
        "text": (
            "Norhaven signed a contract worth $212 million for four ferries on Tuesday.\n\n"
            "Kaspar Ito, the chief executive of Lumen Yards, praised Ana Brandt for her patience. "
            "“Ana Brandt is the best minister this coast has had,” Mr. Ito said at the signing in Velmora."
        ),
    },
    {
        "id": "oak",
        "title": "How the old ferries were built",
        "outlet": "The Lantern",
        "url": "https://www.lantern.example/oak?page=1",
        "text": (
            "The first ferries on the coast were built of oak in 1898. Each could carry 60 passengers and a "
            "mail wagon.\n\nThe yard’s last carpenter, who is 91, still keeps his tools."
        ),
    },
)
GOLD = (
    {
        "id": "worth",
        "question": "How much is the contract for the ferries worth?",
        "type": "factoid",
        "answerable": True,
        "answers": ["$212 million"],
        "evidence": [{"article": "signing", "quote": "a contract worth $212 million"}],
    },
    {
        "id": "oak",
        "question": "How many passengers could each of the first ferries carry?",
        "type": "factoid",
        "answerable": True,
        "answers": ["60"],
        "evidence": [{"article": "https://lantern.example/oak", "quote": "could carry 60 passengers"}],
    },
    {
        "id": "nobel",
        "question": "Who won the Nobel Prize in chemistry?",
        "type": "null",
        "answerable": False,
        "answers": [],
        "evidence": [],
    },
)


def write_lines(path, rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def answer_json(*short, abstained=False, sentences=(), confidence=0.8):
    """An Answer in its JSON form; a sentence is a text with places (article, start, end, quote)."""
    return {
        "version": 1,
        "question": "Q?",
        "abstained": abstained,
        "reason": "No article speaks of this." if abstained else None,
        "confidence": confidence,
        "short_answer": short[0] if len(short) == 1 else None,
        "short_answers": list(short),
        "sentences": [
            {
                "text": text,
                "support": "quoted",
                "citations": [
                    {"article": article, "title": "T", "start": start, "end": end, "quote": quote}
                    for article, start, end, quote in places
                ],
            }
            for text, places in sentences
        ],
        "tally": None,
        "nearest": [],
    }


def result(name, *, right=True, failure=None, rank=1, **case):
    """A factoid with one gold quote at characters 10 to 20 of article "a", retrieved at `rank`."""
    gold = Case(
        **{
            "id": name,
            "question": f"What is {name}?",
            "type": "factoid",
            "answers": ("gold",),
            "evidence": (Evidence("a", "the quote!"),),
        }
        | case
    )
    passages = [Retrieved(number, "b", 100 * number, 100 * number + 50, "other") for number in range(1, 6)]
    if rank:
        passages[rank - 1] = Retrieved(rank, "a", 0, 50, "0123456789the quote! gold", score=0.5)
    place = ("a", 10, 20, "the quote!") if right else ("b", 0, 9, "elsewhere")
    answer = answer_json("gold" if right else "lead", sentences=[(place[3], [place])])
    outcome = Outcome(
        None if failure else answer,
        failure,
        tuple(passages),
        citations=0 if failure else 1,
        verbatim=0 if failure else 1,
        wall_ms=10.0,
        cpu_ms=5.0,
    )
    located = tuple(Located(one, ("a",), (Place("a", 10, 20),)) for one in gold.evidence)
    return Result(gold, outcome, located, ("The Gazette",))
