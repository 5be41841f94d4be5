"""Cleaning: what must go from a page, what must stay, and the promises of removed spans."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clean import assemble, clean, restore
from index.embedded import embedded_objects, find_embedded
from index.furniture import credit_start, line_reason
from index.loaders import load
from index.schema import Cleaned, Page, RemovalReason, Removed

PARAGRAPHS = (
    "The harbour council voted on Tuesday to rebuild the old ferry pier, after four years of argument.",
    "Mayor Ilse Brandt said the decision was overdue and thanked the fishing families who had waited for it.",
    "“We should have done this long ago,” she said.",
    "The work will cost 41 million euros and is to begin in March, according to the council's own estimate.",
    "Opponents of the plan, who want a bridge in its place, will take the matter to the court.",
)
BODY = "\n\n".join(PARAGRAPHS)


def page(raw: str, *, is_page: bool = True, removed: tuple[Removed, ...] = ()) -> Page:
    return Page("/a.txt", "a.txt", raw, removed=removed, is_page=is_page)


def cleaned(raw: str) -> str:
    return clean(page(raw)).text


def reasons(raw: str) -> set[RemovalReason]:
    return {span.reason for span in clean(page(raw)).removed}


CARNEGIE_OUT = (
    "Venezuela Is No Oil Eldorado",
    "© 2026",
    "Link Copied",
    "Get more news",
    '"authors"',
    "Donate",
)
CARNEGIE_IN = (
    "How Serious Is the Rapprochement",
    "Central Asia’s warmer ties",
    "By Temur Umarov",
    "Published on Nov 11, 2025",
    "The November 6 summit",
    "sent by heaven",
    "someone else in the White House.",
    "Fellow, Carnegie Russia Eurasia Center",
)
TIMES_IN = (
    "President Trump has made it easier",
    "at the White House on Thursday.",
    "Nov. 7, 2025, 5:14 p.m. ET",
    "In Western Europe and East Asia,",
    "But to a swath of mostly authoritarian countries in between",
    "“The U.S. economy is on fire,”",
    "Anton Troianovski is the Moscow bureau chief",
    "Ana Swanson covers trade",
)


class TestRealPages:
    @pytest.mark.shared
    def test_commentary_page_loses_menus_teasers_and_data(self, shared):
        (found,) = load(shared / "articles" / "000_5b5076f73589add8.txt")
        text = clean(found).text
        assert [words for words in CARNEGIE_OUT if words in text] == []
        assert [words for words in CARNEGIE_IN if text.count(words) != 1] == []
        body = [line.strip() for line in found.raw.split("\n")[57:95] if line.strip()]
        assert len(body) == 19
        assert [paragraph for paragraph in body if text.count(paragraph) != 1] == []

    @pytest.mark.shared
    def test_report_page_has_its_lead_once(self, shared):
        (found,) = load(shared / "articles" / "004_a36b35fe41de2781.txt")
        text = clean(found).text
        assert "Advertisement" not in text
        assert "Credit..." not in text
        assert [words for words in TIMES_IN if text.count(words) != 1] == []
        body = [line.strip() for line in found.raw.split("\n")[10:41]]
        assert [paragraph for paragraph in body if text.count(paragraph) != 1] == []

    @pytest.mark.shared
    @pytest.mark.slow
    def test_rows_of_real_articles_keep_nearly_all_their_words(self, shared):
        kept, whole = 0, 0
        for number, found in enumerate(load(shared / "data" / "realtimeqa" / "articles.jsonl.gz")):
            if number % 20 == 0:
                assert isinstance(found, Page)
                kept += len(clean(found).text.split())
                whole += len(found.raw.split())
        assert 0.985 < kept / whole < 1.0


class TestPageFurniture:
    @pytest.mark.parametrize(
        ("above", "below", "gone"),
        [
            ("Advertisement\n\n", "\n\nAdvertisement", "Advertisement"),
            ("Home\nWorld\nPolitics\nSign in\n\nPier to be rebuilt after four years\n\n", "", "Sign in"),
            ("  • Research\n  • Events\n  • Donate\n\nHarbour pier to be rebuilt at last\n\n", "", "Donate"),
            (
                "",
                "\n\nMore Work from The Harbour\n\nGulls\n\nWhy gulls like chips more than fish",
                "Why gulls",
            ),
            ("", "\n\nMost popular\nStorm closes the coast road\nNew school for the island", "Storm closes"),
            ("", "\n\nGet our newsletter\nSign up for the morning briefing in your inbox", "briefing"),
            (
                "",
                "\n\n© 2024 The Harbour Post. All rights reserved.\nTerms of Service\nPrivacy Policy",
                "Privacy",
            ),
            ("Link Copied\n\n", "\n\nShare this article", "Share this article"),
            ("Listen to this article · 8:31 min Learn more\n\n", "", "Learn more"),
            ("", "\n\nSee more on: Ferries, Harbours", "See more on"),
            (
                "",
                "\n\nA version of this article appears in print on Page 1 of the Sunday edition.",
                "in print",
            ),
            ("", "\n\nThank you for your patience while we verify access. Please log in.", "patience"),
            ("Home | Council | Schools | Sport\n", "", "Council |"),
            ("Share on Facebook   Share by email   Copy link\n", "", "Copy link"),
            ("", "\n\nGot a question for the harbour desk? Write to us.", "Write to us"),
            ("", "\n\nHave a tip? Email our newsroom at tips@post.example", "newsroom"),
            ("", "\n\nSupport local news: become a Friend of the Post from €3 a month.", "Friend"),
            ("", "\n\nBecome a member of The Harbour Post today!", "member"),
            ("", "\n\nSign up for The Ebb\nThe coast’s news, in your inbox by 6 a.m.\nSign Up", "Ebb"),
            (
                "",
                "\n\nA version of this article appears in print on March 6, 2024, Page 1. Order Reprints | "
                "Today’s Paper | Subscribe",
                "Reprints",
            ),
            ("Share this:  Twitter  Facebook  Email\n", "", "Twitter"),
            ("News  Sport  Opinion  Culture  Video\n", "", "Culture"),
            ("This website uses cookies to improve your visit.\nAccept all cookies\n\n", "", "cookies"),
            ("", "\n\nYou’ve read your last free article.\nSubscribe now for €1 a week", "€1"),
            ("", "\n\nHave a tip? Write to tips@post.example", "tips@"),
            ("", "\n\nDo you know more? Contact the author at jo@post.example", "jo@"),
            ("", "\n\nCopyright The Harbour Post 2025", "2025"),
            ("", "\n\nThis article appeared in the Coast section of the print edition", "edition"),
            ('{\n  "authors": [\n    "Jo Roe"\n  ],\n  "type": "news"\n}\n\n', "", '"authors"'),
            ('window.dataLayer = [{"a": 1}];\n\n', "", "dataLayer"),
        ],
    )
    def test_goes_and_the_body_stays(self, above, below, gone):
        text = cleaned(above + BODY + below)
        assert gone not in text
        assert [one for one in PARAGRAPHS if text.count(one) != 1] == []

    def test_headline_byline_and_date_stay_among_menus(self):
        raw = (
            "Menu\nSearch\nLog in\nNews\nSport\n\nCouncil votes to rebuild the ferry pier\n\nBy Anna Keller\n"
            "March 3, 2024\nShare\n\n" + BODY
        )
        text = cleaned(raw)
        expected = ["Council votes to rebuild the ferry pier", "By Anna Keller", "March 3, 2024", *PARAGRAPHS]
        assert text.split("\n\n") == expected

    def test_author_notes_below_a_list_of_stories_stay(self):
        note = "Anna Keller is a reporter for The Harbour Post. Sign up for her newsletter here."
        text = cleaned(f"{BODY}\n\nMore from the coast\n\nGulls like chips more than fish\n\n{note}")
        assert note in text
        assert "Gulls" not in text

    def test_box_inside_the_article_goes_and_the_article_resumes(self):
        box = "Related stories\nFour years of argument over a pier\nWho pays for the bridge"
        raw = "\n\n".join([*PARAGRAPHS[:3], box, *PARAGRAPHS[3:]])
        assert cleaned(raw) == BODY

    def test_caption_stays_without_its_credit(self):
        caption = "Mayor Ilse Brandt at the old pier on Tuesday."
        text = cleaned(f"{caption} Credit...Jo Roe/The Harbour Post\n\n{BODY}")
        assert text == f"{caption}\n\n{BODY}"

    def test_preview_that_breaks_off_goes_and_the_lead_stands_once(self):
        preview = f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1][:40]} …\n"
        result = clean(page(preview + "\n".join(PARAGRAPHS)))
        assert result.text == BODY
        assert RemovalReason.TRUNCATED in {span.reason for span in result.removed}

    def test_repeated_list_entries_stay(self):
        prices = "\n".join(f"{city}\nRegular: $4.74\nDiesel: $5.26" for city in ("Aa", "Bb", "Cc"))
        assert cleaned(f"{BODY}\n{prices}").count("Regular: $4.74") == 3

    def test_publication_that_describes_itself_goes(self):
        blurb = "Harbour Notes is a weekly publication that features unmatched insight on the coast."
        text = cleaned(f"Harbour Notes\n\nBlog\n\nHarbour Notes\n\n{blurb}\n\nLearn More\n\n{BODY}")
        assert "unmatched" not in text
        assert text.endswith(BODY)

    def test_clean_formats_lose_only_what_is_unmistakable(self):
        raw = f"Search\n\n{BODY}\n\nMost popular\n\nAdvertisement\n\nThe last line of the text"
        text = clean(page(raw, is_page=False)).text
        assert "Advertisement" not in text
        assert {"Search", "Most popular", "The last line of the text"} <= set(text.split("\n\n"))

    @pytest.mark.parametrize(
        "line",
        [
            "“Never again,” she said.",
            "Share prices fell.",
            "More than 300 people came.",
            "He got credit for the plan from Getty.",
            "Subscribers to the service rose by 4 percent, the company said in its report on Monday.",
            "The copyright case will be heard in May.",
            "Follow the money, the inspector told his staff in the first week.",
            "Related questions came up in court.",
            "Photographers waited outside for hours.",
            "Washington: $4.91",
            "Reuters",
            "Back to back wins",
            "Contributing: Jo Roe",
            "Brandt | Social Democrats | 41 percent",
            "“There are 500 letters from every village in your inbox,” she said.",
            "Support local news outlets with a tax credit, the report says.",
            "Sign up for Health Insurance by Friday",
            "Become a member of the council and you will hear the same.",
            "Share the burden",
            "You have 2 articles of the treaty to thank for that.",
            "This article appeared in 1998 and was forgotten.",
            "Copyright law will change in 2026, the minister said.",
            "Thank you for reading my letter to the council, she wrote to him in the spring.",
            "Save for later use what you can.",
            "Have you got a question for the mayor? She has none for you.",
        ],
    )
    def test_lines_that_only_look_like_furniture_stay(self, line):
        assert line in cleaned(f"{PARAGRAPHS[0]}\n\n{line}\n\n{BODY[len(PARAGRAPHS[0]) :]}")


class TestCredits:
    @pytest.mark.parametrize(
        ("caption", "kept"),
        [
            ("A dog in the park. Photograph: Jo Roe/AFP/Getty", "A dog in the park."),
            ("A dog in the park (AP Photo/Jo Roe)", "A dog in the park"),
            ("Dogs at the G7. Jo Roe/WPA Pool/Getty Images", "Dogs at the G7."),
            ("A dog. Credit: Jo Roe", "A dog."),
            ("He was given credit for it.", "He was given credit for it."),
            ("He spoke to CNN/Reuters", "He spoke to CNN/Reuters"),
        ],
    )
    def test_only_the_credit_is_found(self, caption, kept):
        start = credit_start(caption)
        assert (caption if start is None else caption[:start]).strip() == kept


class TestEmbedded:
    def test_json_is_found_and_read(self):
        raw = 'Above\n{\n "a": [1, 2]\n}\nBelow'
        assert [raw[start:end] for start, end in find_embedded(raw)] == ['{\n "a": [1, 2]\n}']
        assert embedded_objects(raw) == [{"a": [1, 2]}]

    @pytest.mark.parametrize(
        "raw", ["[Applause]", "{sic} he said", "[1] A footnote.", "{", '{"a": 1} and more']
    )
    def test_brackets_in_prose_are_no_json(self, raw):
        assert find_embedded(raw) == []


SPANS = st.builds(Removed, st.integers(-5, 80), st.integers(-5, 80), st.sampled_from(list(RemovalReason)))
LINES = st.sampled_from(
    [
        *PARAGRAPHS, "Advertisement", "• Menu", "Home", "By Jo Roe", "March 3, 2024", "", "  ", "Related",
        "More from The Post", '{"a": 1}', "A short title without an end", "Dogs. Credit...Jo Roe/The Post",
        "{", "© 2024 X",
        PARAGRAPHS[0][:50] + " …", "Foreign PolicyTradeCentral Asia", "Learn More", "“Yes,” he said.",
    ]
)  # fmt: skip


class TestPromises:
    @settings(deadline=None)
    @given(st.text(max_size=60), st.lists(SPANS, max_size=6))
    def test_assemble_is_total_and_keeps_pieces_of_the_page(self, raw, spans):
        text = assemble(raw, spans)
        assert all(paragraph in raw for paragraph in text.split("\n\n"))
        assert assemble(raw, []).split() == raw.split()

    @settings(deadline=None)
    @given(st.lists(LINES, max_size=30), st.booleans())
    def test_only_removed_spans_and_white_space_are_lost(self, lines, is_page):
        result = clean(page("\n".join(lines), is_page=is_page))
        spans = result.removed
        assert all(0 <= span.start < span.end <= len(result.raw) for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert all(paragraph in result.raw for paragraph in result.text.split("\n\n"))
        rest = list(result.raw)
        for span in spans:
            rest[span.start : span.end] = "\n" * (span.end - span.start)
        assert "".join(rest).split() == result.text.split()
        assert result.text == assemble(result.raw, result.removed)

    @settings(deadline=None)
    @given(st.lists(LINES, max_size=30))
    def test_restore_undoes_removals_until_the_page_is_whole(self, lines):
        result = clean(page("\n".join(lines)))
        for span in result.removed:
            before = len(result.removed)
            result = restore(result, span)
            assert len(result.removed) == before - 1
        assert result.text.split() == result.raw.split()

    def test_restore_of_an_unknown_span_changes_nothing(self):
        result = Cleaned("One.", "One.", ())
        assert restore(result, Removed(0, 4, RemovalReason.MENU)) == result

    def test_spans_that_the_loader_removed_stay_removed(self):
        raw = f"Skip this\n{BODY}"
        result = clean(page(raw, removed=(Removed(0, 9, RemovalReason.MENU),)))
        assert result.text == BODY
        assert result.removed[0] == Removed(0, 9, RemovalReason.MENU)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "A ",
        "(",
        "[",
        "{",
        "©",
        "Getty/",
        "x/AFP ",
        "Nov. 7, 2025, ",
        "By A, B and ",
        "x? Sign up for ",
        "aB",
    ],
)
def test_a_megabyte_of_repeats_is_cleaned_in_time(unit):
    raw = unit * (1_000_000 // len(unit))
    started = time.process_time()
    clean(page(raw))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("unit", ["a", "A. ", "Credit...", "sign up for ", "©", "/AFP", "more from "])
def test_line_rules_are_fast_on_the_longest_line(unit):
    line = (unit * 900)[:900]
    started = time.process_time()
    for _ in range(50):
        line_reason.__wrapped__(line[:420], is_page=True)
        credit_start(line)
    assert time.process_time() - started < 2
