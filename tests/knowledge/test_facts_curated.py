"""Facts written by hand: read beside their article, refused with a reason."""

from pathlib import Path

import pytest

from knowledge.corpus.article_files import Item, read_articles
from knowledge.model import Article, ArticleProblem, Fact, FactKind, FactOrigin
from knowledge.model.notes import ArticleNote, NoteKind

ARTICLE = """# Le sommet

Le 13 septembre, Kim a rencontré Poutine. L’armée a 3\u00a0833 chars.

Kim a rencontré Poutine en 2019.
"""


def read_all(folder: Path, facts: str) -> list[Item]:
    path = folder / "sommet.md"
    path.write_text(ARTICLE, encoding="utf-8")
    (folder / "sommet.facts.yaml").write_text(facts, encoding="utf-8")
    return [item for _, item in read_articles([path])]


def read(folder: Path, facts: str) -> Article | ArticleProblem:
    item = read_all(folder, facts)[0]
    assert isinstance(item, Article | ArticleProblem)
    return item


def the_fact(folder: Path, facts: str) -> Fact:
    article = read(folder, facts)
    assert isinstance(article, Article), article
    [fact] = article.facts
    return fact


def the_problem(folder: Path, facts: str) -> str:
    problem = read(folder, facts)
    assert isinstance(problem, ArticleProblem)
    assert problem.path.name == "sommet.md"  # so that what is indexed of it is kept
    return problem.message


def test_a_fact_has_its_kind_and_the_words_that_say_it(tmp_path: Path) -> None:
    fact = the_fact(
        tmp_path,
        """
- kind: quantity
  statement: {fr: L'armée compte 3 833 chars, en: "The army has 3,833 tanks"}
  quote: L'armée a 3 833 chars
  aliases: [blindés, tanks]
  value: 3833
  unit: chars
""",
    )

    assert (fact.kind, fact.origin) == (FactKind.QUANTITY, FactOrigin.CURATED)
    assert fact.text == "L’armée a 3\u00a0833 chars"  # as in the article, not as in the file
    assert (fact.paragraph, fact.span.of(ARTICLE.split("\n\n")[1])) == (1, fact.text)
    assert (fact.value, fact.unit, fact.approx) == (3833, "chars", "exact")
    assert fact.statement == "L'armée compte 3 833 chars"
    assert fact.statements["en"] == "The army has 3,833 tanks"
    assert fact.aliases == ("blindés", "tanks")


@pytest.mark.parametrize(
    ("written", "days", "precision"),
    [
        ("2023-09-13", ("2023-09-13", "2023-09-13"), "day"),
        ("2023-09", ("2023-09-01", "2023-09-30"), "month"),
        ("2024", ("2024-01-01", "2024-12-31"), "year"),
        ("2023-01..2023-07", ("2023-01-01", "2023-07-31"), "month"),
    ],
)
def test_a_date_is_a_day_a_month_a_year_or_two_of_them(
    tmp_path: Path, written: str, days: tuple[str, str], precision: str
) -> None:
    fact = the_fact(
        tmp_path,
        "- {kind: date, statement: {fr: La rencontre}, quote: Le 13 septembre, date: "
        f"{written}}}",
    )

    assert (fact.date_start, fact.date_end) == days
    assert fact.precision == precision


BEGINNING = "- kind: claim\n  statement: {fr: Une chose}\n  quote: "


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (BEGINNING.replace("claim", "rumour") + "Kim", "there is no kind “rumour”"),
        (BEGINNING + "chars\n  speeker: Kim", "does not know “speeker”"),
        ("- kind: claim\n  quote: chars", "“statement” is missing"),
        (BEGINNING.replace("claim", "date") + "chars", "a date needs “date”"),
        (BEGINNING + "chars\n  date: 2023-13", "“2023-13” is not a date"),
        (BEGINNING + "chars\n  date: 2023..2021", "ends before it begins"),
        (BEGINNING.replace("claim", "quantity") + "chars\n  value: dix", "needs “value”: a number"),
        (BEGINNING.replace("claim", "person") + "chars", "a person needs “value”: its name"),
        (BEGINNING + "chars\n  approx: nearly", "is none of exact, about"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_the_fact_and_its_line(
    tmp_path: Path, facts: str, reason: str
) -> None:
    good = BEGINNING + "L’armée\n"

    message = the_problem(tmp_path, good + facts)

    assert message.startswith("sommet.facts.yaml, fact 2 (line 4): ")
    assert reason in message


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (BEGINNING + "Kim a rencontré Xi", "does not occur in the article: “Kim a rencontré Xi”"),
        (BEGINNING + "Kim\n  paragraph: 9", "does not occur in paragraph 9"),
        (BEGINNING + "Kim a rencontré Poutine", "occurs in paragraphs 1, 2"),
    ],
)
def test_a_fact_whose_words_are_gone_is_left_out_and_named(
    tmp_path: Path, facts: str, reason: str
) -> None:
    article, note = read_all(tmp_path, BEGINNING + "L’armée\n" + facts)
    assert isinstance(article, Article)
    assert isinstance(note, ArticleNote)
    assert [fact.text for fact in article.facts] == ["L’armée"]
    assert (note.kind, note.path.name, note.line) == (NoteKind.STALE, "sommet.facts.yaml", 4)
    assert note.message.startswith("fact 2 was left out: its quote ")
    assert reason in note.message


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "sommet.questions.jsonl").write_text("{}\n?\n", encoding="utf-8")
    items = read_all(tmp_path, BEGINNING + "chars\n  speeker: Kim\n" + "- kind: rumour\n" * 70)
    problems = [item for item in items if isinstance(item, ArticleProblem)]
    assert len(problems) == len(items) == 51 + 2
    told = [problem.message for problem in problems]
    assert told[0].startswith("sommet.facts.yaml, fact 1 (line 1): does not know “speeker”")
    assert told[1].startswith("sommet.facts.yaml, fact 2 (line 5): ")
    assert told[50] == "has 21 more problems of this kind."
    assert told[51].startswith("sommet.questions.jsonl, line 1: ")
    assert told[52].startswith("sommet.questions.jsonl, line 2: ")
    assert [problem.rest is not None for problem in problems] == [True, *[False] * 52]


@pytest.mark.parametrize(
    "facts",
    [
        "kind: claim",
        "- [unclosed",
        "- &a {kind: claim}\n- *a",
        "- !!python/object/apply:os.system [ls]",
        "- kind: claim\n  date: 2023-02-31",
        "- kind: !!bool foo",
        "- kind: !!int ''",
        "- !!timestamp foo",
        "- kind: !!binary aGk=",
        "- kind: claim\n  value: " + "9" * 5_000,
        "- " * 9_999,
        "- {kind: claim, kind: date}",
        "- '\\ud800'",
        '- "\\UFFFFFFFF"',
        "\0",
        "- 1",
    ],
)
def test_a_file_that_is_no_list_of_facts_is_a_problem_and_no_crash(
    tmp_path: Path, facts: str
) -> None:
    assert "sommet.facts.yaml" in the_problem(tmp_path, facts)


def test_an_edit_of_the_facts_changes_the_article(tmp_path: Path) -> None:
    before = read(tmp_path, BEGINNING + "chars")
    after = read(tmp_path, BEGINNING + "chars\n  aliases: [blindés]")

    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert before.content_hash != after.content_hash
    assert before.facts[0].id == after.facts[0].id
    (tmp_path / "sommet.facts.yaml").unlink()
    [(_, without)] = read_articles([tmp_path / "sommet.md"])
    assert isinstance(without, Article)
    assert without.content_hash not in (before.content_hash, after.content_hash)


def test_an_empty_file_has_no_facts(tmp_path: Path) -> None:
    article = read(tmp_path, "# nothing yet\n")

    assert isinstance(article, Article)
    assert article.facts == ()


def test_values_are_what_people_mean(tmp_path: Path) -> None:
    fact = BEGINNING.replace("claim", "date") + "chars\n  date: 2023\n  aliases: ['010', 12:30]\n"
    article = read(tmp_path, fact + "- <<: &x {kind: claim, quote: chars}\n  statement: {no: Tank}")
    assert isinstance(article, Article)
    first, second = article.facts
    assert (first.date_start, first.date_end) == ("2023-01-01", "2023-12-31")
    assert first.aliases == ("010", "12:30")
    assert second.statements == {"no": "Tank"}
