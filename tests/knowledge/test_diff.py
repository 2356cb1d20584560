"""A changed paragraph or fact is told from one that went and one that came."""

from __future__ import annotations

from pathlib import Path

from bases import MakeBase

from knowledge.indexing.reindexing import MAX_CHANGES
from knowledge.model import ArticleChange, ChangeCounts, ChangeKind, Difference, FactKind

QUOKKAS = (
    "Quokkas live on Rottnest Island.",
    "They eat grass and the leaves of small trees.",
    "A quokka weighs 3 kilograms.",
    "Visitors come by ferry.",
)


def changed(make_base: MakeBase, before: tuple[str, ...], after: tuple[str, ...]) -> ArticleChange:
    """Return what a reindex tells of an article that had some paragraphs and has others."""
    make_base(a=english(*before)).close()
    (change,) = make_base(a=english(*after)).reindex().changes
    return change


def english(*paragraphs: str, title: str = "A") -> str:
    return f"---\ntitle: {title}\nlanguage: en\n---\n\n" + "\n\n".join(paragraphs) + "\n"


def of_paragraphs(change: ArticleChange) -> list[tuple[str, int, str | None, str | None]]:
    return [
        (one.kind.value, one.paragraph, one.before, one.after)
        for one in change.differences
        if one.fact is None
    ]


def of_facts(change: ArticleChange, kind: FactKind) -> list[Difference]:
    return [one for one in change.differences if one.fact is kind]


def test_a_paragraph_with_other_words_is_changed(make_base: MakeBase) -> None:
    after = (QUOKKAS[0], "They eat bark and the leaves of small trees.", *QUOKKAS[2:])
    change = changed(make_base, QUOKKAS, after)
    assert change.kind is ChangeKind.CHANGED
    assert change.paragraphs == ChangeCounts(changed=1)
    assert of_paragraphs(change) == [("changed", 2, QUOKKAS[1], after[1])]


def test_another_paragraph_in_its_place_has_come_and_it_has_gone(make_base: MakeBase) -> None:
    after = (QUOKKAS[0], "Nobody knows why the lighthouse is red.", *QUOKKAS[2:])
    change = changed(make_base, QUOKKAS, after)
    assert change.paragraphs == ChangeCounts(added=1, removed=1)
    assert of_paragraphs(change) == [("added", 2, None, after[1]), ("removed", 2, QUOKKAS[1], None)]


def test_a_paragraph_is_looked_for_behind_those_that_came_before_it(make_base: MakeBase) -> None:
    new = tuple(f"Something altogether new, number {word}." for word in ("one", "two", "six"))
    after = (*new, QUOKKAS[0], "They eat bark and the leaves of small trees.", *QUOKKAS[2:])
    change = changed(make_base, QUOKKAS, after)
    assert change.paragraphs == ChangeCounts(added=3, changed=1)
    assert ("changed", 5, QUOKKAS[1], after[4]) in of_paragraphs(change)


def test_one_alike_that_stands_far_away_is_another(make_base: MakeBase) -> None:
    many = tuple(f"{word} is a word." for word in "Ant Bee Cat Dog Eel Fox Gnu Hen".split())
    before = ("They eat grass and the leaves of trees.", *many)
    after = (*many, "They eat grass and the bark of trees.")
    assert changed(make_base, before, after).paragraphs == ChangeCounts(added=1, removed=1)


def test_what_has_only_moved_is_as_it_was(make_base: MakeBase) -> None:
    change = changed(make_base, QUOKKAS, QUOKKAS[::-1])
    assert (change.paragraphs.total, change.facts.total) == (0, 0)
    assert change.differences == ()


def test_a_misspelt_word_alone_is_a_change(make_base: MakeBase) -> None:
    change = changed(make_base, ("Quokkas.", "Numbats."), ("Quokas.", "Numbats."))
    assert change.paragraphs == ChangeCounts(changed=1)


def test_a_fact_with_another_value_is_changed(make_base: MakeBase) -> None:
    change = changed(make_base, QUOKKAS, (*QUOKKAS[:2], "A quokka weighs 4 kilograms.", QUOKKAS[3]))
    assert change.facts == ChangeCounts(changed=1)
    (fact,) = of_facts(change, FactKind.QUANTITY)
    assert (fact.kind, fact.paragraph) == (ChangeKind.CHANGED, 3)
    assert (fact.before, fact.after) == ("3 kilograms", "4 kilograms")


def test_a_fact_in_a_sentence_with_other_words_is_the_same(make_base: MakeBase) -> None:
    change = changed(make_base, QUOKKAS, (*QUOKKAS[:2], "Every quokka weighs 3 kilograms."))
    assert change.facts.total == 0


def test_a_fact_of_another_thing_is_not_taken_for_its_successor(make_base: MakeBase) -> None:
    before = "In the north of it, 300 sheep are kept by the family that came first of all there."
    after = "In the north of it, nobody is seen, but from a boat one may count 12 islands there."
    change = changed(make_base, (QUOKKAS[0], before), (QUOKKAS[0], after))
    quantities = of_facts(change, FactKind.QUANTITY)
    assert {(one.kind, one.before, one.after) for one in quantities} == {
        (ChangeKind.REMOVED, "300 sheep", None),
        (ChangeKind.ADDED, None, "12 islands"),
    }


def test_two_values_of_a_sentence_are_each_told_from_their_own(make_base: MakeBase) -> None:
    before = "The island has 12 lakes in the west, and in the east there are 300 trees."
    after = "The island has 13 lakes in the west, and in the east there are 400 trees."
    change = changed(make_base, (before,), (after,))
    pairs = {(one.before, one.after) for one in of_facts(change, FactKind.QUANTITY)}
    assert pairs == {("12 lakes", "13 lakes"), ("300 trees", "400 trees")}


def test_a_fact_by_hand_with_another_value_is_changed(make_base: MakeBase, tmp_path: Path) -> None:
    make_base(a=english(*QUOKKAS)).close()
    beside = tmp_path / "articles" / "a.facts.yaml"
    line = "- {kind: claim, statement: {en: %s}, quote: Visitors come by ferry}"
    beside.write_text(line % "There is a ferry", encoding="utf-8")
    base = make_base()
    (first,) = base.reindex().changes
    assert first.facts == ChangeCounts(added=1)
    beside.write_text(line % "There is one way", encoding="utf-8")
    (change,) = base.reindex().changes
    assert (change.paragraphs.total, change.facts) == (0, ChangeCounts(changed=1))
    (one,) = change.differences
    assert (one.before, one.after) == ("There is a ferry", "There is one way")


def test_articles_that_come_and_go_are_counted_whole(make_base: MakeBase, tmp_path: Path) -> None:
    make_base(a=english(*QUOKKAS), b=english("B has 3 lakes.", title="The title of B")).close()
    (tmp_path / "articles" / "b.md").unlink()
    report = make_base(a=english(*QUOKKAS), c=english("C.", "D.")).reindex()
    assert [(one.slug, one.title, one.kind, one.paragraphs) for one in report.changes] == [
        ("c", "A", ChangeKind.ADDED, ChangeCounts(added=2)),
        ("b", "The title of B", ChangeKind.REMOVED, ChangeCounts(removed=1)),
    ]
    assert report.facts == ChangeCounts(removed=1)


def test_what_is_alike_is_shown_from_where_it_differs(make_base: MakeBase) -> None:
    long = " ".join(f"word{n}" for n in range(200))
    change = changed(make_base, (f"{long} grass.",), (f"{long} leaves.",))
    ((_, _, before, after),) = of_paragraphs(change)
    assert before is not None
    assert after is not None
    assert before.startswith("… ")
    assert before.endswith("grass.")
    assert after.endswith("leaves.")
    assert max(len(before), len(after)) <= 160


def test_further_articles_are_counted_and_named(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=english(*QUOKKAS))
    lines = (f'{{"id": "n{n}", "text": "A text."}}\n' for n in range(MAX_CHANGES + 5))
    (tmp_path / "articles" / "many.jsonl").write_text("".join(lines), encoding="utf-8")
    report = base.reindex()
    assert len(report.changes) == MAX_CHANGES
    assert len(report.added) == report.paragraphs.added == MAX_CHANGES + 5
