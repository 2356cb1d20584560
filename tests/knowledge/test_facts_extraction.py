"""What rules find in a text, measured against facts by hand, and case by case."""

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge.base import BUNDLED_ARTICLES
from knowledge.corpus.article_files import read_articles
from knowledge.evaluation.fact_extraction import Measured, main, measure, read_gold
from knowledge.facts.extraction import extract
from knowledge.model import Article, Fact, FactKind, Paragraph

DATA = Path(__file__).parents[1] / "data" / "facts"


def measured(articles: Path, gold: str) -> Measured:
    read = [item for _, item in read_articles([articles]) if isinstance(item, Article)]
    return measure(read, read_gold(DATA / gold))


def test_on_the_bundled_article_each_kind_is_precise_and_nearly_complete() -> None:
    result = measured(BUNDLED_ARTICLES / "north-korea-russia-summit.md", "seed.gold.jsonl")

    assert {score.kind for score in result.scores} == set(FactKind) - {FactKind.CLAIM}
    for score in result.scores:
        assert score.precision >= 0.90, score
        assert score.recall >= 0.75, score


def test_on_unseen_paragraphs_it_is_precise() -> None:
    result = measured(DATA / "piaf.jsonl", "piaf.gold.jsonl")

    assert result.precision >= 0.95
    assert result.recall >= 0.70
    for score in result.scores:
        if score.extracted >= 10:
            assert score.precision >= 0.80, score


def test_the_command_tells_the_figures_and_each_fact_that_is_wrong_or_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text("# A\n\nLe navire est arrivé à Vladivostok le 3 mai 2021.\n")
    gold = tmp_path / "gold.jsonl"
    wanted = {"article": "a", "paragraph": 1, "kind": "date", "start": 35, "end": 46}
    period = {"date_start": "2021-05-03", "date_end": "2021-05-03"}
    missed = {**wanted, "kind": "quantity", "start": 0, "end": 9, "text": "Le navire"}
    gold.write_text(
        f"{json.dumps({**wanted, **period, 'text': '3 mai 2021'})}\n{json.dumps(missed)}"
    )
    main([str(tmp_path / "a.md"), str(gold), "--all"])
    lines = capsys.readouterr().out.splitlines()
    assert "date          precision 1.00 (1/1)  recall 1.00 (1/1)" in lines
    assert "all           precision 0.50  recall 0.50" in lines
    assert "wrong   place        a ¶ 1 'Vladivostok': Vladivostok" in lines
    assert "missed  quantity     a ¶ 1 'Le navire'" in lines


@pytest.mark.parametrize("name", ["seed.gold.jsonl", "piaf.gold.jsonl"])
def test_the_facts_by_hand_are_slices_of_their_texts(name: str) -> None:
    source = (
        BUNDLED_ARTICLES / "north-korea-russia-summit.md"
        if name.startswith("seed")
        else DATA / "piaf.jsonl"
    )
    texts = {
        (item.slug, paragraph.number): paragraph.text
        for _, item in read_articles([source])
        if isinstance(item, Article)
        for paragraph in item.paragraphs
    }

    for fact in read_gold(DATA / name):
        assert texts[fact.article, fact.paragraph][fact.start : fact.end] == fact.text


def facts_in(*texts: str, language: str = "fr", reference: date | None = None) -> tuple[Fact, ...]:
    paragraphs = tuple(
        Paragraph(str(number), number, None, text) for number, text in enumerate(texts, start=1)
    )
    return extract(Article("a", "A", language, (), paragraphs, "hash", reference_date=reference))


def of_kind(kind: FactKind, *texts: str, **more: object) -> list[Fact]:
    return [fact for fact in facts_in(*texts, **more) if fact.kind is kind]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("« Nous tiendrons bon », a déclaré Marie Curie.", "Marie Curie", "Nous tiendrons bon"),
        ("Marie Curie a affirmé : « Nous tiendrons bon. »", "Marie Curie", "Nous tiendrons bon."),
        ("Marie Curie est venue. « Je reste ici », dit-elle.", "Marie Curie", "Je reste ici"),
        ("« Rien n’est décidé », tempère Marie Curie.", "Marie Curie", "Rien n’est décidé"),
        ("Selon Marie Curie, « rien n’est à craindre ».", "Marie Curie", "rien n’est à craindre"),
        ("“We will hold on,” said Marie Curie.", "Marie Curie", "We will hold on,"),
        ("“We will hold on,” Marie Curie said.", "Marie Curie", "We will hold on,"),
        ('Marie Curie told reporters: "We will hold on."', "Marie Curie", "We will hold on."),
    ],
)
def test_a_quotation_has_its_speaker(text: str, speaker: str, words: str) -> None:
    language = "en" if text.isascii() or "“" in text else "fr"

    [fact] = of_kind(FactKind.QUOTE, text, language=language)

    assert (fact.text, fact.speaker) == (words, speaker)


def test_a_short_name_means_the_person_named_in_full() -> None:
    text = "« Nous tiendrons toujours bon », a déclaré Curie."

    [fact] = of_kind(FactKind.QUOTE, "Marie Curie est arrivée hier.", text)

    assert fact.speaker == "Marie Curie"


def test_words_at_a_distance_and_titles_are_no_quotations() -> None:
    assert not of_kind(FactKind.QUOTE, "Les « républiques populaires » du pays. Le film « Léon ».")


@pytest.mark.parametrize(
    ("text", "language", "source"),
    [
        ("Il pleut, selon Reuters.", "fr", "Reuters"),
        ("Il pleut, d’après le New York Times.", "fr", "New York Times"),
        ("Il pleut, d’après La Dépêche.", "fr", "La Dépêche"),
        ("Le Monde rapporte que le pont est fermé.", "fr", "Le Monde"),
        ("Reuters a rapporté que le pont est fermé.", "fr", "Reuters"),
        ("It rains, according to Reuters.", "en", "Reuters"),
        ("The minister told Reuters that it rains.", "en", "Reuters"),
        ("Reuters reported on Monday that it rains.", "en", "Reuters"),
    ],
)
def test_who_reported_it_is_a_source(text: str, language: str, source: str) -> None:
    [fact] = of_kind(FactKind.SOURCE, text, language=language)

    assert fact.value == source


def test_a_source_has_the_day_it_reported_on() -> None:
    text = "Reuters a rapporté le 9 septembre que le pont est fermé."

    [fact] = of_kind(FactKind.SOURCE, text, reference=date(2023, 9, 13))

    assert (fact.date_start, fact.is_year_inferred) == ("2023-09-09", True)


def test_a_rule_of_somebody_is_no_report() -> None:
    assert not of_kind(FactKind.SOURCE, "Selon la loi de Murphy, tout va mal. Selon lui, non.")


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (date(2023, 9, 13), ["2023-09-12"]),
        (date(2023, 9, 1), ["2022-09-12"]),  # a text tells of what was
        (None, []),  # not told rather than guessed
    ],
)
def test_a_day_without_a_year_is_the_last_one_before_the_reference_date(
    reference: date | None, expected: list[str]
) -> None:
    found = of_kind(FactKind.DATE, "Ils se sont vus le 12 septembre.", reference=reference)

    assert [fact.date_start for fact in found] == expected
    assert all(fact.is_year_inferred for fact in found)


@pytest.mark.parametrize("text", ["d’ici juin", "d'ici à juin", "by June", "until 3 June"])
def test_a_time_to_come_is_not_taken_for_the_last_of_its_name(text: str) -> None:
    assert not of_kind(FactKind.DATE, f"Ce sera prêt {text}.", reference=date(2023, 9, 13))


@pytest.mark.parametrize(
    ("text", "value", "unit", "approx"),
    [
        ("Il a vendu 10\u00a0933 barils.", 10_933, "barils", "exact"),
        ("Plus de 2 800 tonnes de maïs.", 2_800, "tonnes", "more_than"),
        ("Ils sont 57,5 % à le vouloir.", 57.5, "%", "exact"),
        ("Entre 10 et 11 millions de cartouches.", (10e6, 11e6), "cartouches", "range"),
    ],
)
def test_a_quantity_is_a_number_with_its_unit(
    text: str, value: object, unit: str, approx: str
) -> None:
    [fact] = of_kind(FactKind.QUANTITY, text)

    assert (fact.value, fact.unit, fact.approx) == (value, unit, approx)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("The plan costs 5 billions of dollars.", "en", 5e9),
        ("The plan costs 2.5 billion dollars.", "en", 2.5e9),
        ("Le plan coûte 5 billions de dollars.", "fr", 5e12),
        ("Le plan coûte 5 milliards de dollars.", "fr", 5e9),
    ],
)
def test_billions_are_those_of_the_language_of_the_article(
    text: str, language: str, value: float
) -> None:
    [fact] = of_kind(FactKind.QUANTITY, text, language=language)
    assert fact.value == value


def test_a_person_is_one_fact_with_the_role_that_is_told() -> None:
    [fact] = of_kind(
        FactKind.PERSON,
        "Vladimir Poutine est venu.",
        "Le président russe Vladimir Poutine est reparti. Poutine était content.",
    )

    assert (fact.value, fact.role, fact.paragraph) == ("Vladimir Poutine", "président russe", 2)


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        (
            "The first night train from Brussels to Vienna left on 14 December 2024.",
            "en",
            ["Brussels", "Vienna"],
        ),
        (
            "Le premier train de nuit de Bruxelles à Vienne est parti le 14 décembre 2024.",
            "fr",
            ["Bruxelles", "Vienne"],
        ),
    ],
)
def test_where_a_train_leaves_from_is_a_place(text: str, language: str, places: list[str]) -> None:
    facts = facts_in(text, language=language)
    assert [fact.value for fact in facts if fact.kind is FactKind.PLACE] == places
    assert not [fact for fact in facts if fact.kind is FactKind.ORGANISATION]


def test_statements_are_made_of_slices_of_the_text() -> None:
    text = "Le 12 mai 2020, la présidente Marie Curie a reçu plus de 300 lettres de Pologne."

    for fact in facts_in(text):
        label, _, said = fact.statement.partition(": ")
        assert said in text
        assert "\n" not in fact.statement
        assert label in text or label == fact.date_start or (fact.role or "?") in label


def test_identifiers_stay_when_other_text_changes() -> None:
    text = "Le 12 mai 2020, la présidente Marie Curie a reçu plus de 300 lettres."

    before = {fact.id for fact in facts_in(text)}
    after = {fact.id for fact in facts_in("Rien.", text)}

    assert before
    assert before == after
    assert len(before) == len(facts_in(text))


def test_the_same_words_twice_are_two_facts() -> None:
    found = of_kind(FactKind.QUANTITY, "Trois lettres, puis trois lettres.")

    assert len({fact.id for fact in found}) == len(found) == 2


def test_a_language_without_rules_has_no_extracted_facts() -> None:
    assert facts_in("Am 12. Mai 2020 kamen 300 Briefe.", language="de") == ()


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("The ferry is free.\\\n— Zoé Martin, 3 May 2021", []),
        ("Since 3 May 2020 the ferry is free.\\\n— Zoé Martin, 3 May 2021", ["3 May 2020"]),
        ("“The ferry is free.”\\\n— Zoé Martin, 3 May 2021", ["3 May 2021"]),
        ("The ferry is free\\\n— since 3 May 2021, that is.", ["3 May 2021"]),
    ],
)
def test_who_wrote_a_paragraph_and_when_is_no_fact_of_it(
    tmp_path: Path, text: str, dates: list[str]
) -> None:
    (tmp_path / "a.md").write_text(f"---\nlanguage: en\n---\n# A\n\n{text}\n", encoding="utf-8")
    ((_, article),) = read_articles([tmp_path / "a.md"])
    assert isinstance(article, Article)
    found = extract(article)
    assert [one.text for one in found if one.kind is FactKind.DATE] == dates
    if not dates:
        assert not found
