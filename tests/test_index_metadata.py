"""Metadata: each value with its source; unclear dates stay empty; the real pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import clean
from index.dates import date_in_url, find_date, from_timestamp, parse_date
from index.identity import article_id
from index.lines import byline_names, is_date_line, note_author
from index.loaders import load
from index.loaders.fields import date_of, hints_from
from index.mastheads import read_running_head
from index.metadata import DERIVED, extract_metadata
from index.names import split_names
from index.outlets import outlet_name, outlet_of_url
from index.schema import Metadata, Page, Sourced

BODY = (
    "The harbour council voted on Tuesday to rebuild the old ferry pier, after four years of argument.\n"
    "Mayor Ilse Brandt said the decision was overdue and thanked the families who had waited for it.\n"
    "The work will cost 41 million euros and is to begin on May 4, 2031, the council said.\n"
)


def metadata_of(raw: str, hints: Metadata | None = None) -> Metadata:
    page = Page("/a.txt", "a.txt", raw, hints or Metadata())
    return extract_metadata(page, clean(page))


def names(metadata: Metadata) -> list[str]:
    return [author.value for author in metadata.authors]


class TestRealPages:
    @pytest.mark.shared
    def test_commentary(self, shared):
        (page,) = load(shared / "articles" / "000_5b5076f73589add8.txt")
        metadata = extract_metadata(page, clean(page))
        assert metadata.title == Sourced(
            "How Serious Is the Rapprochement Between the United States and Central Asia?", "headline"
        )
        assert names(metadata) == ["Temur Umarov"]
        assert metadata.outlet == Sourced("Carnegie Politika", "embedded data")
        assert metadata.published == Sourced("2025-11-11", "date line")

    @pytest.mark.shared
    def test_report_without_a_headline(self, shared):
        (page,) = load(shared / "articles" / "004_a36b35fe41de2781.txt")
        metadata = extract_metadata(page, clean(page))
        assert metadata.title is not None
        assert metadata.title.source == DERIVED
        assert metadata.title.value.startswith("President Trump has made it easier")
        assert names(metadata) == ["Anton Troianovski", "Paul Sonne", "Ana Swanson"]
        assert {author.source for author in metadata.authors} == {"author note"}
        assert metadata.outlet == Sourced("The New York Times", "photo credit")
        assert metadata.published == Sourced("2025-11-07T17:14:00-05:00", "date line")

    @pytest.mark.shared
    @pytest.mark.slow
    def test_date_lines_of_real_articles_agree_with_their_dates(self, shared):
        same, different = 0, 0
        for number, page in enumerate(load(shared / "data" / "realtimeqa" / "articles.jsonl.gz")):
            if number % 10 or not isinstance(page, Page) or page.hints.published is None:
                continue
            bare = Page(page.key, page.file, page.raw)
            found = extract_metadata(bare, clean(bare)).published
            if found is not None:
                same += found.value[:10] == page.hints.published.value[:10]
                different += found.value[:10] != page.hints.published.value[:10]
        assert same > 150
        assert same / (same + different) > 0.96


class TestPages:
    def test_headline_byline_and_date_line(self):
        metadata = metadata_of(
            f"Council votes to rebuild the pier\nBy Anna Keller and Jo Roe\n5 March 2024\n{BODY}"
        )
        assert metadata.title == Sourced("Council votes to rebuild the pier", "headline")
        assert names(metadata) == ["Anna Keller", "Jo Roe"]
        assert metadata.authors[0].source == "byline"
        assert metadata.published == Sourced("2024-03-05", "date line")
        assert metadata.url is None

    def test_nothing_is_guessed(self):
        metadata = metadata_of(BODY)
        assert metadata.title == Sourced(BODY.split("\n")[0].rstrip("."), DERIVED)
        assert (metadata.authors, metadata.outlet, metadata.published, metadata.url) == ((), None, None, None)

    def test_long_lead_is_cut_at_a_word(self):
        title = metadata_of("The council " + "and the mayor " * 30 + "met.\n" + BODY).title
        assert title is not None
        assert title.value.endswith(" …")
        assert len(title.value) <= 122

    def test_the_year_of_a_copyright_line_is_no_date(self):
        metadata = metadata_of(f"{BODY}© 2026 The Harbour Post LLC. All rights reserved.")
        assert metadata.published is None
        assert metadata.outlet == Sourced("The Harbour Post", "copyright line")

    def test_name_above_outlet_and_date(self):
        metadata = metadata_of(f"Doyle Rice\nUSA TODAY\nUpdated July 5, 2016, 1:01 p.m. ET\n{BODY}")
        assert names(metadata) == ["Doyle Rice"]
        assert metadata.outlet == Sourced("USA Today", "label")
        assert metadata.published == Sourced("2016-07-05T13:01:00-04:00", "date line, updated")

    def test_outlet_before_a_place_dash(self):
        assert metadata_of(f"London CNN —\n{BODY}").outlet == Sourced("CNN", "label")

    def test_a_name_alone_at_the_end_is_an_author_only_above_a_job(self):
        text = f"{BODY}{BODY.replace('pier', 'dock')}"
        assert names(metadata_of(f"{text}Jo Roe\nHarbour Correspondent\n")) == ["Jo Roe"]
        assert names(metadata_of(f"{text}Sandy Point\nCost: There is no fee.\n")) == []

    def test_helpers_named_in_notes_are_no_authors(self):
        notes = (
            "Ann Lee contributed reporting from the island.\n"
            "Jo Roe is the labour correspondent for The Post. He has covered the port for 16 years.\n"
        )
        assert names(metadata_of(f"{BODY}{BODY.replace('pier', 'dock')}{notes}")) == ["Jo Roe"]

    def test_paper_of_a_photo_credit_but_no_agency(self):
        caption = "The mayor at the pier on Tuesday. Credit...Jo Roe/"
        assert metadata_of(f"{caption}The New York Times\n{BODY}").outlet == Sourced(
            "The New York Times", "photo credit"
        )
        assert metadata_of(f"{caption}Getty Images\n{BODY}").outlet is None

    def test_embedded_data_comes_before_lines(self):
        data = '{\n"authors": ["Ann Lee"],\n"datePublished": "2024-03-01T10:00:00Z",\n"blog": "Reuters"\n}\n'
        metadata = metadata_of(f"{data}By Jo Roe\nMarch 5, 2024\n{BODY}")
        assert metadata.authors == (Sourced("Ann Lee", "embedded data"),)
        assert metadata.published == Sourced("2024-03-01T10:00:00+00:00", "embedded data")
        assert metadata.outlet == Sourced("Reuters", "embedded data")

    def test_outlet_and_date_from_the_address(self):
        url = Sourced("https://eu.usatoday.com/story/news/2025/10/20/pier/123/", "column url")
        metadata = metadata_of(BODY, Metadata(url=url))
        assert metadata.outlet == Sourced("USA Today", "url")
        assert metadata.published == Sourced("2025-10-20", "url")

    def test_file_metadata_is_used_last(self):
        hints = Metadata(Sourced("From the file", "file metadata"), (Sourced("Jo File", "file metadata"),))
        stated = metadata_of(f"Council votes to rebuild the pier\nBy Ann Lee\n{BODY}", hints)
        assert (stated.title and stated.title.value, names(stated)) == (
            "Council votes to rebuild the pier",
            ["Ann Lee"],
        )
        silent = metadata_of(BODY, hints)
        assert (silent.title and silent.title.value, names(silent)) == ("From the file", ["Jo File"])


class TestHeadlines:
    @pytest.mark.parametrize(
        "headline",
        [
            "Harbour Council Votes to Rebuild Ferry Pier",
            "Council Backs Ferry Pier",
            "Harbour Council Rebuilds Pier, Ending Four Years of Argument",
            "Council Rebuilds Ferry Pier, Mayor Thanks Families",
            "Why Will the Harbour Council Rebuild Its Pier?",
        ],
    )
    def test_capital_letters_make_no_names_of_a_headline(self, headline):
        metadata = metadata_of(f"{headline}\n\nBy Jo Roe\n\n{BODY}")
        assert metadata.title == Sourced(headline, "headline")
        assert names(metadata) == ["Jo Roe"]

    @pytest.mark.parametrize("line", ["Ilse Brandt", "Anna Maria Keller", "Ann Lee, Jo Roe and Sam Poe"])
    def test_names_are_no_headline(self, line):
        title = metadata_of(f"{line}\n{BODY}").title
        assert title is not None
        assert title.source == DERIVED


class TestMastheads:
    HEADLINE = "Opposition attacks the harbour pier contract"

    @pytest.mark.parametrize(
        ("header", "outlet", "published"),
        [
            (f"{HEADLINE}\nBy Jo Roe\nThe Lantern\nPublished on May 2, 2025\n", "The Lantern", "2025-05-02"),
            (f"The Lantern\n{HEADLINE}\nBy Jo Roe\n", "The Lantern", None),
            (f"{HEADLINE}\nBy Jo Roe\nThe Harbour Echo, 6 May 2025\n", "The Harbour Echo", "2025-05-06"),
            (f"Harbour Gazette | Tuesday, May 6, 2025\n{HEADLINE}\n", "Harbour Gazette", "2025-05-06"),
            (f"THE HARBOUR STAR\n{HEADLINE}\nBy Jo Roe\n", "The Harbour Star", None),
            (f"{HEADLINE}\nBy Jo Roe, The Harbour Post\n", "The Harbour Post", None),
            (f"{HEADLINE}\nJoren Pell, Post and Courier\n5 March 2024\n", "Post and Courier", "2024-03-05"),
            (f"• Home\n• News\n• Sport\nThe Lantern logo\n{HEADLINE}\nBy Jo Roe\n", "The Lantern", None),
        ],
    )  # fmt: skip
    def test_a_name_around_the_headline(self, header, outlet, published):
        metadata = metadata_of(header + BODY)
        assert metadata.outlet == Sourced(outlet, "masthead")
        assert (metadata.published and metadata.published.value) == published

    @pytest.mark.parametrize(
        "header",
        [
            f"World News\n{HEADLINE}\nBy Joren Pell\n",
            f"Book Review\n{HEADLINE}\nBy Joren Pell\n",
            f"The Long Read\n{HEADLINE}\nBy Joren Pell\n",
            f"{HEADLINE}\nBy Emily Post\n5 March 2024\n",
            f"{HEADLINE}\nBy Joren Pell\nHarbour Town, 6 November 2025\n",
            f"{HEADLINE}\nThe mayor sent the Post a letter\nBy Joren Pell\n",
            f"Times Square\n{HEADLINE}\nBy Joren Pell\n",
        ],
    )
    def test_labels_persons_and_places_are_none(self, header):
        assert metadata_of(header + BODY).outlet is None

    def test_a_line_of_the_body_is_none(self):
        assert metadata_of(f"{BODY}\nThe Lantern\n\n5 March 2024\n").outlet is None

    @pytest.mark.parametrize(
        ("head", "expected"),
        [
            ("TIDE & TIMBER | 7 November 2025", ("Tide & Timber", "2025-11-07")),
            ("The Harbour Post 12", ("The Harbour Post", None)),
            ("USA TODAY · Nov. 7, 2025", ("USA Today", "2025-11-07")),
            ("7 November 2025", (None, "2025-11-07")),
            ("Chapter 4: Gulls", (None, None)),
            ("The Old Pier | 7 November 2025", (None, "2025-11-07")),
            ("Pier | 22.11.2026, 18:20", (None, None)),
            ("", (None, None)),
        ],
    )
    def test_running_heads(self, head, expected):
        assert read_running_head(head, ["The old pier", "Jo Roe"]) == expected

    @given(st.text(max_size=150))
    def test_total(self, text):
        outlet, day = read_running_head(text)
        assert outlet is None or outlet.strip() == outlet != ""
        assert day is None or len(day) == 10


class TestDates:
    @pytest.mark.parametrize(
        ("text", "iso"),
        [
            ("Nov. 7, 2025, 5:14 p.m. ET", "2025-11-07T17:14:00-05:00"),
            ("July 7, 2025, 5:14 p.m. ET", "2025-07-07T17:14:00-04:00"),
            ("Published on Nov 11, 2025", "2025-11-11"),
            ("Updated 9:05 AM EDT, Mon June 3, 2024", "2024-06-03T09:05:00-04:00"),
            ("3rd of March 2024", "2024-03-03"),
            ("Tuesday 5 March 2024 18.30 GMT", "2024-03-05T18:30:00+00:00"),
            ("2024-03-05", "2024-03-05"),
            ("2024-03-05T08:30:00Z", "2024-03-05T08:30:00+00:00"),
            ("2024-03-05T08:30:00.123+0530", "2024-03-05T08:30:00+05:30"),
            ("25/12/2024", "2024-12-25"),
            ("12/25/2024", "2024-12-25"),
            ("05.03.2024", "2024-03-05"),
            ("2024/03/05", "2024-03-05"),
            ("Sept 9, 2001", "2001-09-09"),
            ("12 a.m. PT, May 1, 2024", "2024-05-01T00:00:00-07:00"),
        ],
    )
    def test_written_dates(self, text, iso):
        assert parse_date(text) == iso

    @pytest.mark.parametrize(
        "text",
        ["", "05/03/2024", "March 2024", "2024", "Yesterday", "February 30, 2024", "2024-13-01", "© 2026",
         "3 hours ago",
         "Mayor 5, 2024", "1-800-2024"],
    )  # fmt: skip
    def test_unclear_dates_are_none(self, text):
        assert parse_date(text) is None

    @given(st.text(max_size=200))
    def test_total(self, text):
        found = find_date(text)
        assert found is None or 0 <= found.start < found.end <= len(text)

    @given(st.dates(min_value=__import__("datetime").date(1900, 1, 1)))
    def test_iso_dates_come_back(self, day):
        if day.year < 2100:
            assert parse_date(day.isoformat()) == day.isoformat()
            assert parse_date(f"{day:%B} {day.day}, {day.year}") == day.isoformat()

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("Nov. 7, 2025, 5:14 p.m. ET", True),
            ("May 10, 2022 Updated May 12, 2022, 1:59 p.m. ET", True),
            ("First published: 5 March 2024", True),
            ("The talks of 5 March 2024 came to nothing", False),
            ("On Nov. 7, 2025, the council met.", False),
        ],
    )
    def test_date_lines(self, line, expected):
        assert is_date_line(line) is expected

    def test_url_dates(self):
        assert date_in_url("https://x.example/stories/2019/nov/19/pier") == "2019-11-19"
        assert date_in_url("https://x.example/2024-03-05-pier") == "2024-03-05"
        assert date_in_url("https://x.example/story/12345678?d=/2024/03/05/") is None

    @pytest.mark.parametrize(
        ("value", "iso"),
        [(1709625600, "2024-03-05T08:00:00+00:00"), ("1709625600000", "2024-03-05T08:00:00+00:00"),
         ("20240305", "2024-03-05"),
         (2024, None), (True, None), ({"$date": "2024-03-05"}, "2024-03-05"), ([], None)],
    )  # fmt: skip
    def test_fields(self, value, iso):
        assert date_of(value) == iso
        assert from_timestamp(-1) is None


class TestNames:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("By Jane Doe, Senior Editor, and Sam Roe Jr.", ["Jane Doe", "Sam Roe Jr."]),
            ("Jane Doe, USA TODAY", ["Jane Doe"]),
            ("By Jane Doe, Echo staff", ["Jane Doe"]),
            ("By Jane Doe, The Lantern", ["Jane Doe"]),
            ("By Echo staff", ["Echo staff"]),
            ("The Lantern", ["The Lantern"]),
            ("MEG KINNARD and ANN LEE, Associated Press", ["Meg Kinnard", "Ann Lee", "Associated Press"]),
            ("Ann Lee, MS, RDN", ["Ann Lee"]),
            ("UPI", ["UPI"]),
            ("Troy L. Smith, cleveland.com", ["Troy L. Smith"]),
            ("https://x.example/jane", []),
            ("jane@x.example", []),
            ("Jane Doe (London)", ["Jane Doe"]),
            ("", []),
        ],
    )
    def test_author_fields(self, text, expected):
        assert split_names(text) == expected

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("By Temur Umarov", "Temur Umarov"),
            ("Analysis by Ann Lee and Jo Roe", "Ann Lee and Jo Roe"),
            ("By the time they met, the pier was gone.", None),
            ("By night the harbour is empty", None),
            ("Bystanders Ann Lee", None),
        ],
    )
    def test_bylines(self, line, expected):
        assert byline_names(line) == expected

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("Anton Troianovski is the Moscow bureau chief for The Times.", "Anton Troianovski"),
            ("Ana Swanson covers trade and international economics.", "Ana Swanson"),
            ("Dr. Ann Lee is a fellow at the Harbour Institute.", "Dr. Ann Lee"),
            ("Ann Lee said that she was a reporter.", None),
            ("The council is a member of the union.", None),
        ],
    )
    def test_notes(self, line, expected):
        assert note_author(line) == expected


class TestOutletsAndIdentity:
    def test_hosts(self):
        assert outlet_of_url("https://www.nytimes.com/2025/x") == "The New York Times"
        assert outlet_of_url("https://edition.cnn.com/x") == "CNN"
        assert outlet_of_url("http://www.small-town.example/x") == "small-town.example"
        assert outlet_of_url("not a url") is None
        assert outlet_of_url("http://[broken") is None

    def test_stated_names(self):
        assert outlet_name("WSJ", None) == "The Wall Street Journal"
        assert outlet_name("@paper", "https://paper.example/a") == "paper.example"
        assert outlet_name("The Harbour Post", None) == "The Harbour Post"

    def test_empty_fields_are_not_values(self):
        hints = hints_from(
            {"author": "Unknown", "source": "N/A", "url": "story-1", "date": "soon", "title": ""}
        )
        assert hints == Metadata()

    def test_same_words_same_article(self):
        assert article_id("One  line.\n\nTwo.") == article_id(" One line. Two.")
        assert article_id("One line.") != article_id("One Line.")
        assert len(article_id("")) == 16
