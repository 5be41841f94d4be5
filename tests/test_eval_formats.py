"""Gold files of every format, well-formed and broken."""

import gzip
import json

import pytest

from eval.gold_files import FORMATS, find_format, gold_articles, read_gold
from eval.schema import Evidence
from index.errors import InputError

V1 = {
    "id": "g1",
    "question": "Who praised Ana Brandt most?",
    "type": "superlative",
    "answerable": True,
    "answers": ["Kaspar Ito"],
    "evidence": [{"article": "signing.txt", "quote": "praised Ms. Brandt"}],
    "ranking": [["Kaspar Ito", 2], ["Doria Venn", 1]],
    "asked_on": "2025-11-22",
    "choices": ["Kaspar Ito", "Doria Venn"],
}
CONTEXT = "Oak burns slowly. The first ferry was built in 1898 at Velmora. It carried 60 people."


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_format_v1_keeps_every_field(tmp_path):
    gold = read_gold(write(tmp_path / "gold.jsonl", V1))
    assert (gold.format, len(gold.digest), gold.bad) == ("dateline", 64, ())
    case = gold.cases[0]
    assert (case.id, case.type, case.answers) == ("g1", "superlative", ("Kaspar Ito",))
    assert case.evidence == (Evidence("signing.txt", "praised Ms. Brandt"),)
    assert case.ranking == (("Kaspar Ito", 2.0), ("Doria Venn", 1.0))
    assert (case.asked_on, case.choices) == ("2025-11-22", ("Kaspar Ito", "Doria Venn"))


def test_plain_rows_need_a_question_only(tmp_path):
    gold = read_gold(
        write(tmp_path / "gold.jsonl", {"question": "Who?", "answer": "Ito"}, {"question": "Why?"})
    )
    assert gold.format == "plain"
    assert [(case.id, case.answers) for case in gold.cases] == [("1", ("Ito",)), ("2", ())]


def test_tables(tmp_path):
    table = tmp_path / "gold.csv"
    table.write_text(
        "\ufeffID,Question,Answer,Answerable,Article,Quote\n"
        'a,"Who, then?",Ito | Kaspar Ito,yes,signing.txt,"praised Ms. Brandt"\n'
        "\n"
        "b,Who won?,,no,,\n",
        encoding="utf-8",
    )
    first, second = read_gold(table).cases
    assert (first.question, first.answers) == ("Who, then?", ("Ito", "Kaspar Ito"))
    assert first.evidence == (Evidence("signing.txt", "praised Ms. Brandt"),)
    assert (second.id, second.answerable) == ("b", False)


@pytest.mark.parametrize("version", ["1.1", "2.0"])
def test_squad(tmp_path, version):
    start = CONTEXT.index("1898")
    questions = [{"id": "s1", "question": "When?", "answers": [{"text": "1898", "answer_start": start}] * 3}]
    if version == "2.0":
        questions[0]["is_impossible"] = False
        questions.append({"id": "s2", "question": "How?", "answers": [], "is_impossible": True})
    paragraphs = [{"context": CONTEXT, "qas": questions}, {"context": "Another one.", "qas": []}]
    path = tmp_path / "dev.json"
    path.write_text(
        json.dumps({"version": version, "data": [{"title": "Old_Ferries", "paragraphs": paragraphs}]})
    )
    gold = read_gold(path)
    assert gold.format == "squad"
    case = gold.cases[0]
    assert (case.answers, case.evidence[0].quote) == (
        ("1898",),
        "The first ferry was built in 1898 at Velmora.",
    )
    assert [one.answerable for one in gold.cases] == ([True] if version == "1.1" else [True, False])
    (article,) = gold_articles(path)
    assert (article.id, article.title, article.text) == (case.evidence[0].article, "Old Ferries", CONTEXT)


@pytest.mark.parametrize("answers", [["1898"], {"text": ["1898"], "answer_start": [CONTEXT.index("1898")]}])
def test_flat_squad_rows(tmp_path, answers):
    path = write(
        tmp_path / "rows.jsonl", {"id": "s1", "context": CONTEXT, "question": "When?", "answers": answers}
    )
    case = read_gold(path).cases[0]
    assert (case.answers, case.answerable) == (("1898",), True)
    assert case.evidence[0].quote.startswith("The first ferry")


def test_multihop_rag(tmp_path):
    evidence = [
        {"title": "T", "url": "https://x.org/a", "fact": "It rose."},
        {"title": "U", "fact": "It fell."},
    ]
    rows = [
        {"query": "Up?", "answer": "Yes", "question_type": "comparison_query", "evidence_list": evidence},
        {
            "query": "Else?",
            "answer": "Insufficient information.",
            "question_type": "null_query",
            "evidence_list": [],
        },
    ]
    path = tmp_path / "multihop.json"
    path.write_text(json.dumps(rows))
    gold = read_gold(path)
    assert gold.format == "multihop-rag"
    assert gold.cases[0].evidence == (Evidence("https://x.org/a", "It rose."), Evidence("U", "It fell."))
    assert [(case.type, case.answerable, case.answers) for case in gold.cases] == [
        ("comparison", True, ("Yes",)),
        ("null", False, ()),
    ]


def test_ragas(tmp_path):
    rows = [
        {
            "user_input": "When?",
            "reference": "In 1898",
            "reference_contexts": [CONTEXT],
            "synthesizer_name": "s",
        },
        {"user_input": "Why?"},
    ]
    path = write(tmp_path / "ragas.jsonl", *rows)
    gold = read_gold(path)
    assert gold.format == "ragas"
    assert gold.cases[0].evidence == (Evidence("", CONTEXT),)
    assert [case.answerable for case in gold.cases] == [True, False]
    assert [article.text for article in gold_articles(path)] == [CONTEXT]


def test_beir(tmp_path):
    write(
        tmp_path / "corpus.jsonl", {"_id": "d1", "title": "T", "text": "One."}, {"_id": "d2", "text": "Two."}
    )
    write(tmp_path / "queries.jsonl", {"_id": "q1", "text": "one?"}, {"_id": "q9", "text": "not judged?"})
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n")
    gold = read_gold(tmp_path)
    assert (gold.format, len(gold.cases)) == ("beir", 1)
    assert gold.cases[0].evidence == (Evidence("d1", "", 2),)
    assert [article.id for article in gold_articles(tmp_path)] == ["d1", "d2"]


@pytest.mark.parametrize(
    "topics",
    [
        "301\tferry contracts\n302\toak\n",
        "<top>\n<num> Number: 301\n<title> ferry\ncontracts\n<desc> x\n</top>\n"
        "<top><num>302</num><title>oak</title></top>",
        '{"id": 301, "title": "ferry contracts"}\n{"id": 302, "title": "oak"}\n',
    ],
    ids=["lines", "blocks", "json"],
)
def test_trec(tmp_path, topics):
    (tmp_path / "topics.txt").write_text(topics)
    (tmp_path / "qrels.txt").write_text("301 0 d1 1\n301 0 d2 0\n302 0 d3 2\nbroken\n303 0 d1 1\n")
    gold = read_gold(tmp_path)
    assert gold.format == "trec"
    assert [(case.id, case.question) for case in gold.cases] == [("301", "ferry contracts"), ("302", "oak")]
    assert gold.cases[1].evidence == (Evidence("d3", "", 2),)
    assert ["qrels.txt, line 4" in str(bad) or "303" in str(bad) for bad in gold.bad] == [True, True]


def test_realtimeqa_without_articles_is_unanswerable(tmp_path):
    row = {
        "id": "r1",
        "question": "Who?",
        "asked_on": "2026-03-26",
        "answers": ["Ito"],
        "choices": ["Ito", "Bo"],
    }
    path = write(
        tmp_path / "r.jsonl",
        {**row, "articles_with_answer_string": ["https://x.org/a"]},
        {**row, "id": "r2", "articles_with_answer_string": []},
    )
    first, second = read_gold(path).cases
    assert (first.evidence, first.answerable) == ((Evidence("https://x.org/a"),), True)
    assert (second.evidence, second.answerable) == ((), False)


BAD_ROWS = [
    ("{not json", "line 2", "not JSON"),
    ("[1]", "line 2", "is list"),
    ('{"id": "x"}', "line 2", "no question"),
    ('{"question": ""}', "line 2", "no question"),
    ('{"question": ["a"]}', "line 2", "not text"),
    ('{"question": "Q", "answers": {"a": 1}}', "line 2", "not a list of texts"),
    ('{"question": "Q", "answers": [null]}', "line 2", "not a list of texts"),
    ('{"question": "Q", "answerable": "maybe"}', "line 2", "Write true or false"),
    ('{"question": "Q", "asked_on": "22.11.2025"}', "line 2", "2025-11-22"),
    ('{"question": "Q", "evidence": "here"}', "line 2", "no list"),
    ('{"question": "Q", "evidence": ["here"]}', "line 2", "no object"),
    ('{"question": "Q", "evidence": [{}]}', "line 2", "neither"),
    ('{"question": "Q", "ranking": [["Ana"]]}', "line 2", "counts"),
    ('{"question": "Q", "ranking": 3}', "line 2", "counts"),
    ('{"question": "Q", "id": "g1"}', "gold.jsonl", "twice"),
]


@pytest.mark.parametrize(("line", "place", "reason"), BAD_ROWS)
def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path, line, place, reason):
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(V1)}\n{line}\n\n{json.dumps({**V1, 'id': 'g2'})}\n", encoding="utf-8")
    gold = read_gold(path)
    assert [case.id for case in gold.cases] == ["g1", "g2"]
    (bad,) = gold.bad
    assert place in bad.place
    assert reason in bad.reason
    with pytest.raises(InputError, match=reason.replace(".", r"\.")):
        read_gold(path, strict=True)


@pytest.mark.parametrize(
    ("name", "contents", "message"),
    [
        ("empty.jsonl", b"", "no known gold format"),
        ("prose.txt", b"Who praised the mayor?", "no known gold format"),
        ("latin.jsonl", b'{"question": "\xe9?"}', "Cannot read"),
        ("torn.jsonl.gz", gzip.compress(b'{"question": "x?"}', mtime=0)[:-9], "Cannot read"),
        ("none.jsonl", b'{"question": ""}', "no usable question"),
        ("cells.csv", b"question,answer\nWho?,a,b\n", "more cells"),
        ("header.csv", b"query,answer\nWho?,a\n", "no column"),
        ("flag.csv", b"question,answerable\nWho?,maybe\n", "true or false"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, name, contents, message):
    path = tmp_path / name
    path.write_bytes(contents)
    with pytest.raises(InputError, match=message):
        read_gold(path)


def test_a_gold_file_may_be_packed(tmp_path):
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(V1).encode()))
    assert read_gold(path).cases[0].id == "g1"


def test_the_digest_follows_the_bytes(tmp_path):
    one = read_gold(write(tmp_path / "a.jsonl", V1)).digest
    assert one == read_gold(write(tmp_path / "b.jsonl", V1)).digest
    assert one != read_gold(write(tmp_path / "a.jsonl", {**V1, "id": "g2"})).digest


def test_a_format_can_be_forced_and_must_exist(tmp_path):
    path = write(tmp_path / "gold.jsonl", V1)
    assert read_gold(path, format="plain").format == "plain"
    with pytest.raises(InputError, match="no gold format 'xml'"):
        find_format(path, "xml")
    with pytest.raises(InputError, match="no gold file"):
        find_format(tmp_path / "gone.jsonl", None)
    with pytest.raises(InputError, match="No articles come with"):
        gold_articles(path)


def test_each_format_has_its_name():
    assert set(FORMATS) == set(
        "beir trec multihop-rag ragas squad rgb rgb-rejection rgb-conflict realtimeqa dateline plain".split()
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "name", "questions"),
    [
        ("gold/seeds_open.jsonl", "dateline", 22),
        ("data/realtimeqa/questions_open.jsonl", "realtimeqa", 130),
        ("data/praise/questions.jsonl", "dateline", 97),
        ("data/multihop_rag/questions_open.jsonl", "multihop-rag", 306),
        ("data/squad2_sample/open.jsonl", "squad", 250),
        ("data/rgb/en_fact_open.jsonl", "rgb", 47),
    ],
)
def test_the_real_sets_are_read_whole(shared, file, name, questions):
    gold = read_gold(shared / file)
    assert (gold.format, len(gold.cases), gold.bad) == (name, questions, ())


RGB = {
    "id": 7,
    "query": "Who built the ferry?",
    "answer": "Halden yard",
    "fakeanswer": "Velmora yard",
    "positive": ["The Halden yard built the ferry."],
    "positive_wrong": ["The Velmora yard built the ferry."],
    "negative": ["Ferries are slow.", "Oak burns slowly."],
}


@pytest.mark.parametrize(
    ("name", "answerable", "texts"),
    [
        ("rgb", True, {*RGB["positive"], *RGB["negative"]}),
        ("rgb-rejection", False, set(RGB["negative"])),
        ("rgb-conflict", True, {*RGB["positive"], *RGB["positive_wrong"]}),
    ],
)
def test_rgb_makes_three_tests_of_one_file(tmp_path, name, answerable, texts):
    path = write(tmp_path / "gold.jsonl", RGB, {**RGB, "id": 8, "answer": ["a", "b"]})
    gold = read_gold(path, format=name)
    first = gold.cases[0]
    assert (first.id, first.answerable, first.answers) == (
        ("7", True, ("Halden yard",)) if answerable else ("7", False, ())
    )
    articles = {one.id: one.text for one in gold_articles(path, format=name)}
    assert set(articles.values()) == texts
    assert {articles[one.article] for one in gold.cases[0].evidence} == (
        set(RGB["positive"]) if answerable else set()
    )
    assert len(gold.bad) == (1 if answerable else 0)
    assert find_format(path, None).name == "rgb"


def test_rgb_answers_are_ways_to_write_one_answer(tmp_path):
    path = write(tmp_path / "gold.jsonl", {**RGB, "answer": [["May 3 2020", "3 May 2020"]]})
    assert read_gold(path).cases[0].answers == ("May 3 2020", "3 May 2020")
