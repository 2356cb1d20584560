"""Golden questions keep a worse index from being seen."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path
from typing import Any

import pytest
from bases import MakeBase
from killing import forking

from knowledge.base import KnowledgeBase
from knowledge.evaluation.selftest import MAX_TRIALS, try_questions
from knowledge.model import (
    Answer,
    ChangeKind,
    Citation,
    ReindexProgress,
    ReindexStage,
    Span,
    Verdict,
)
from knowledge.model.errors import ReindexWorse
from knowledge.model.notes import NoteKind
from knowledge.model.trials import GoldenQuestion, Miss

HEAD = "---\ntitle: Chats\nlanguage: fr\n---\n"
CATS = HEAD + "\nLe chat roux dort dans la cuisine.\n\nIl a 12 ans.\n"

SPOILT = CATS + "\nLe chien de Lisbonne pèse 40 kilogrammes.\n"
KITCHEN = {"id": "kitchen", "question": "Où dort le chat roux ?", "gold": ["dort dans la cuisine"]}
DOG = {"id": "dog", "question": "Combien pèse le chien de Lisbonne ?", "gold": []}


def write_questions(directory: Path, *questions: dict[str, Any], slug: str = "a") -> Path:
    path = directory / f"{slug}.questions.jsonl"
    path.write_text("".join(json.dumps(q) + "\n" for q in questions), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The articles' directory, in which the next reindex would answer what it must not."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text(CATS, encoding="utf-8")
    write_questions(folder, KITCHEN, DOG)
    return folder


@pytest.fixture
def base(folder: Path, make_base: MakeBase) -> KnowledgeBase:
    base = make_base()
    (folder / "a.md").write_text(SPOILT, encoding="utf-8")
    return base


def answer(verdict: Verdict, *texts: str) -> Answer:
    citations = tuple(
        Citation(f"p{n}", "a", "A", None, n, text, Span(0, 1), (), 1.0)
        for n, text in enumerate(texts, start=1)
    )
    return Answer("?", "fr", verdict, 0.5, citations, 0.0)


RIGHT, WRONG = "Il\u00a0a 12 ans.", "Le chat dort."


@pytest.mark.parametrize(
    ("given", "miss", "rank"),
    [
        (answer(Verdict.ANSWERED, RIGHT, WRONG), None, 1),
        (answer(Verdict.ANSWERED, WRONG, RIGHT), Miss.ELSEWHERE, 2),
        (answer(Verdict.UNCERTAIN, RIGHT, WRONG), None, 1),
        (answer(Verdict.UNCERTAIN, WRONG, WRONG, RIGHT), Miss.ELSEWHERE, 3),
        (answer(Verdict.UNANSWERED, RIGHT), Miss.WITHHELD, 1),
        (answer(Verdict.UNANSWERED, WRONG), Miss.NOT_FOUND, 0),
        (answer(Verdict.UNANSWERED), Miss.NOT_FOUND, 0),
    ],
)
def test_right_is_what_is_shown(given: Answer, miss: Miss | None, rank: int) -> None:
    question = GoldenQuestion("a", "q", "?", ("Il a 12 ans",))
    (trial,) = try_questions([question], lambda _: given).trials
    assert (trial.miss, trial.rank) == (miss, rank)
    shown = given.verdict is not Verdict.UNANSWERED
    assert (trial.article, trial.paragraph) == (("a", 1) if shown else (None, None))


@pytest.mark.parametrize(
    ("verdict", "miss"),
    [
        (Verdict.ANSWERED, Miss.ANSWERED),
        (Verdict.UNCERTAIN, Miss.ANSWERED),
        (Verdict.UNANSWERED, None),
    ],
)
def test_silence_is_right_where_there_is_no_answer(verdict: Verdict, miss: Miss | None) -> None:
    (trial,) = try_questions(
        [GoldenQuestion("a", "q", "?", ())], lambda _: answer(verdict, WRONG)
    ).trials
    assert trial.miss is miss


def test_of_very_many_questions_the_first_are_asked() -> None:
    questions = [GoldenQuestion("a", str(n), "?", ()) for n in range(MAX_TRIALS + 3)]
    test = try_questions(questions, lambda _: answer(Verdict.UNANSWERED))
    assert (len(test.trials), test.left_out) == (MAX_TRIALS, 3)


def test_a_reindex_that_answers_fewer_rightly_is_rolled_back(base: KnowledgeBase) -> None:
    before = base.status()
    with pytest.raises(ReindexWorse, match=r"2 are answered rightly, and 1 would") as raised:
        base.reindex()
    comparison = raised.value.comparison
    assert [(t.question.id, t.miss) for t in comparison.worse] == [("dog", Miss.ANSWERED)]
    assert (comparison.before.hits, comparison.after.hits) == (2, 1)
    assert base.status() == before
    assert len(base.article("a").paragraphs) == 2
    assert not base.ask("Combien pèse le chien de Lisbonne ?").citations[:1] or (
        "Lisbonne" not in base.ask("Combien pèse le chien de Lisbonne ?").citations[0].text
    )
    assert base.selftest().hits == 2


def test_a_forced_one_is_not_and_says_what_got_worse(base: KnowledgeBase) -> None:
    report = base.reindex(force=True)
    assert report.golden is not None
    assert [trial.question.id for trial in report.golden.worse] == ["dog"]
    assert len(base.article("a").paragraphs) == 3


def test_what_was_rolled_back_leaves_nothing_behind(base: KnowledgeBase, folder: Path) -> None:
    """The next index has the version that the rejected one would have had."""
    with pytest.raises(ReindexWorse):
        base.reindex()
    (folder / "a.md").write_text(CATS.replace("cuisine", "cuisine bleue"), encoding="utf-8")
    write_questions(folder, {**KITCHEN, "gold": ["dort dans la cuisine bleue"]}, DOG)
    report = base.reindex()
    assert report.golden is not None
    assert [trial.question.id for trial in report.golden.better] == ["kitchen"]
    assert base.ask("Où dort le chat roux ?").citations[0].text.endswith("cuisine bleue.")
    assert base.facts("kilogrammes").total == 0


def test_nobody_sees_the_worse_index_while_it_is_tried(base: KnowledgeBase) -> None:
    seen: list[int] = []
    wanted, done = threading.Event(), threading.Event()

    def look() -> None:
        assert wanted.wait(20)
        seen.append(len(base.article("a").paragraphs))
        seen.append(base.search("Lisbonne").total)
        done.set()

    def progress(moment: ReindexProgress) -> None:
        if moment.stage is ReindexStage.TESTING:
            wanted.set()
            assert done.wait(20)

    looking = threading.Thread(target=look)
    looking.start()
    with pytest.raises(ReindexWorse):
        base.reindex(progress=progress)
    looking.join()
    assert seen == [2, 0]


def test_one_better_makes_up_for_one_worse(base: KnowledgeBase, folder: Path) -> None:
    new = {"id": "new", "question": "Qui pèse 40 kilogrammes ?", "gold": ["Le chien de Lisbonne"]}
    write_questions(folder, KITCHEN, DOG, new)
    golden = base.reindex().golden
    assert golden is not None
    assert [trial.question.id for trial in golden.worse] == ["dog"]
    assert [trial.question.id for trial in golden.better] == ["new"]


def test_questions_that_left_with_their_article_do_not_count(
    base: KnowledgeBase, folder: Path
) -> None:
    (folder / "b.md").write_text("# B\n\nUn texte.\n", encoding="utf-8")
    for name in ("a.md", "a.questions.jsonl"):
        (folder / name).unlink()
    report = base.reindex()
    assert (report.removed, report.golden) == (("a",), None)


def test_the_first_index_is_not_compared(folder: Path, make_base: MakeBase) -> None:
    base = make_base()
    assert base.selftest().hits == 2
    assert base.reindex().golden is None  # nothing changed


def test_the_questions_are_kept_with_an_index_that_an_older_engine_made(
    folder: Path, make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base()
    before = base.article("a").questions
    base.reindex(rebuild=True)
    assert base.article("a").questions == before
    assert base.status().questions == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({**KITCHEN, "answer": "salon"}, "line 2: its answer is in no gold clause"),
        ({**DOG, "id": "dog"}, "its id “dog” is that of another question"),
        ({"id": "x", "question": "Quoi ?"}, "“gold” is missing or wrong"),
        ({"id": "x", "question": " ", "gold": []}, "“question” is missing or wrong"),
    ],
)
def test_a_wrong_question_is_reported_with_its_line(
    folder: Path, make_base: MakeBase, line: dict[str, Any], why: str
) -> None:
    base = make_base(b=CATS)
    write_questions(folder, DOG, line)
    report = base.reindex()
    (problem,) = report.problems
    assert why in problem.message
    assert problem.message.startswith("a.questions.jsonl, line 2: ")
    assert report.kept == ("b", "a")
    assert base.selftest().hits == 2  # by those of the last good version


def test_a_question_whose_words_are_gone_is_left_out_and_named(
    folder: Path, make_base: MakeBase
) -> None:
    base = make_base(b=CATS)
    (folder / "a.md").write_text(CATS.replace("la cuisine", "le salon"), encoding="utf-8")
    report = base.reindex()
    assert (report.changed, report.problems) == (("a",), ())
    (note,) = report.notes
    assert (note.kind, note.path.name, note.line) == (NoteKind.STALE, "a.questions.jsonl", 1)
    assert note.message == (
        "question “kitchen” was left out: its gold does not occur in the article: “dort dans la "
        "cuisine”. Copy it word for word, or remove the line"
    )
    assert [one.id for one in base.questions()] == ["dog"]
    assert base.reindex().notes == (note,), "it is told until somebody mends it"


def test_a_rehearsal_tells_what_a_reindex_would_and_changes_nothing(
    base: KnowledgeBase, folder: Path, tmp_path: Path
) -> None:
    before = base.status()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    newer = CATS.replace("Il a 12 ans.", "Il a 13 ans.") + "\nLe chien de Lisbonne pèse 40 kg.\n"
    (elsewhere / "a.md").write_text(newer, encoding="utf-8")
    write_questions(elsewhere, KITCHEN, DOG)
    report = base.rehearse([elsewhere / "a.md"])
    (change,) = report.changes
    assert (change.slug, change.kind) == ("a", ChangeKind.CHANGED)
    assert (change.paragraphs.added, change.paragraphs.changed) == (1, 1)
    assert any(one.after == "Il a 13 ans." for one in change.differences)
    assert report.golden is not None
    assert [trial.question.id for trial in report.golden.worse] == ["dog"]
    assert base.status() == before
    assert [one.text for one in base.article("a").paragraphs][-1] == "Il a 12 ans."
    assert base.search("Lisbonne").total == 0
    assert base.reindex(force=True).changed == ("a",), "what is there is read as before"


def test_what_is_no_json_is_reported(folder: Path, make_base: MakeBase) -> None:
    base = make_base(b=CATS)
    (folder / "a.questions.jsonl").write_text("a question?\n", encoding="utf-8")
    assert "is not a JSON object" in base.reindex().problems[0].message
    (folder / "a.questions.jsonl").write_bytes(b"\xff\xfe\xff")
    assert "is not UTF-8" in base.reindex().problems[0].message


def test_a_file_of_questions_is_no_article(folder: Path, make_base: MakeBase) -> None:
    base = make_base()
    assert [one.slug for one in base.articles()] == ["a"]
    report = base.reindex([folder / "a.md", folder / "a.questions.jsonl"])
    assert "Give that." in report.problems[0].message


# Tries to bring in the spoilt article, again and again.
_SPOILER = """
from knowledge.model.errors import ReindexWorse

base = KnowledgeBase.open(Path(sys.argv[1]), [Path(sys.argv[2])])
while True:
    try:
        base.reindex(progress=lambda moment: print(moment.stage.value, flush=True))
    except ReindexWorse:
        print("rejected", flush=True)
"""


def test_a_kill_while_it_is_tried_leaves_the_old_one(
    base: KnowledgeBase, folder: Path, tmp_path: Path
) -> None:
    moments = random.Random(7)
    with forking(_SPOILER, tmp_path / "knowledge.db", folder) as spoiler:
        for _ in range(6):
            spoiler.begin()
            wanted = moments.choice(["reading", "testing", "rejected"])
            while (said := spoiler.said()) != wanted:
                assert said
            spoiler.kill()
            with KnowledgeBase.open(tmp_path / "knowledge.db", [folder]) as again:
                assert len(again.article("a").paragraphs) == 2
                assert again.selftest().hits == 2


def test_the_bundled_golden_questions_are_answered_rightly(read: KnowledgeBase) -> None:
    test = read.selftest()
    assert [(trial.question.id, trial.miss) for trial in test.misses] == []
    assert len(test.trials) >= 15
    assert {trial.question.language for trial in test.trials} == {"fr", "en"}
