"""Days are read as members write them, and written as members read them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.i18n.days import in_words, read_days
from bot.i18n.localisation import CATALOGUE
from knowledge import Fact, FactKind, FactOrigin, Span

ENGLISH, FRENCH = CATALOGUE.languages["en"], CATALOGUE.languages["fr"]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        (" 2023-07-27 ", "2023-07-27", "2023-07-27"),
        ("27 juillet 2023", "2023-07-27", "2023-07-27"),
        ("le 1er mai 2022", "2022-05-01", "2022-05-01"),
        ("July 27, 2023", "2023-07-27", "2023-07-27"),
        ("juillet 2023", "2023-07-01", "2023-07-31"),
        ("27/07/2023", "2023-07-27", "2023-07-27"),
        ("3/4/2023", "2023-04-03", "2023-04-03"),
    ],
)
def test_days_months_and_years_are_read(written: str, start: str, end: str) -> None:
    assert read_days(written) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "written", ["", "soon", "hier", "13 septembre", "2023-13", "2023-02-30", "in 2023 or so", "0"]
)
def test_what_is_no_date_with_a_year_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        read_days(written)


def fact(start: str, end: str, precision: str) -> Fact:
    return Fact(
        "id", FactKind.DATE, FactOrigin.EXTRACTED, "slug", "passage", 1, Span(0, 1), "x", "x",
        date_start=start, date_end=end, precision=precision,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "precision", "english", "french"),
    [
        ("2023-09-13", "2023-09-13", "day", "13 September 2023", "13 septembre 2023"),
        ("2023-09-01", "2023-09-01", "day", "1 September 2023", "1er septembre 2023"),
        ("2023-08-10", "2023-08-13", "day", "10 August – 13 August 2023", None),
        ("2019-04-01", "2019-04-30", "month", "April 2019", "avril 2019"),
        ("2019-01-01", "2019-12-31", "year", "2019", "2019"),
        ("2023-01-01", "2023-04-30", "month", "January – April 2023", None),
        ("2022-12-01", "2023-01-31", "month", "December 2022 – January 2023", None),
        ("2010-01-01", "2019-12-31", "decade", "2010 – 2019", "2010 – 2019"),
    ],
)
def test_a_date_is_written_as_finely_as_its_text_says_it(
    start: str, end: str, precision: str, english: str, french: str | None
) -> None:
    assert in_words(fact(start, end, precision), ENGLISH) == english
    assert french is None or in_words(fact(start, end, precision), FRENCH) == french
