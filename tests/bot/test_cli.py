"""The command line, run as people run it."""

import io
import json
import math
import os
import pty
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stored import file_of

from bot.cli.main import main
from bot.state import State
from knowledge import BUNDLED_ARTICLES, Answer, KnowledgeBase, Verdict

QUESTION = "Combien de barils de pétrole en juillet ?"
SLUG = "north-korea-russia-summit"
QUESTIONS = Path(__file__).parents[1] / "data" / "questions"
MARKDOWN = "---\ntitle: Chats\nlanguage: fr\n---\n\nLe chat dort.\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command line: exit code, standard output, standard error."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("SOURCIER_DATABASE", str(tmp_path / "data" / "knowledge.db"))
    monkeypatch.setenv("SOURCIER_STATE", str(tmp_path / "data" / "state.db"))

    def run_it(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_it


@pytest.fixture
def indexed(tmp_path: Path, bundled_index: Path) -> None:
    """The bundled article is indexed already, where ``run`` and ``sourcier`` look."""
    (tmp_path / "data").mkdir()
    shutil.copy(bundled_index, tmp_path / "data" / "knowledge.db")


def test_ask_prints_the_quotation_and_where_it_stands(run: Run) -> None:
    code, out, err = run("ask", QUESTION)
    assert (code, err) == (0, "")
    shown = " ".join(out.replace("│", "").split())
    assert "10 933 barils" in shown
    assert "La guerre en Ukraine resserre les liens · ¶ 9" in shown


@pytest.mark.usefixtures("indexed")
def test_ask_says_when_the_articles_do_not(run: Run) -> None:
    code, out, _ = run("ask", "Quelle est la recette du gâteau au chocolat ?")
    assert code == 0
    assert "The articles don’t say." in out


@pytest.mark.usefixtures("indexed")
def test_ask_json_has_the_agreed_shape(run: Run) -> None:
    code, out, _ = run("ask", QUESTION, "--json")
    answer = json.loads(out)
    assert code == 0
    assert list(answer) == [
        "id", "question", "language", "verdict", "confidence", "elapsed_ms", "reader", "citations",
        "facts", "evidence", "is_question", "outline", "parts", "left_out",
    ]  # fmt: skip
    assert (answer["question"], answer["language"]) == (QUESTION, "fr")
    citation = answer["citations"][0]
    assert list(citation) == [
        "article", "title", "section", "paragraph", "text", "snippet", "start", "end",
        "highlights", "items_left", "score", "url", "deep_link",
    ]  # fmt: skip
    assert citation["snippet"] == citation["text"][citation["start"] : citation["end"]]
    marked = [citation["snippet"][start:end] for start, end in citation["highlights"]]
    assert "barils" in marked  # by words alone, those of the question


@pytest.mark.usefixtures("indexed")
def test_ask_json_gives_the_evidence_that_the_confidence_is_made_of(run: Run) -> None:
    answer = json.loads(run("ask", "Combien de barils de licornes en juillet ?", "--json")[1])
    evidence = answer["evidence"]
    assert evidence["words"] == [
        {"word": "barils", "support": "said"},
        {"word": "licornes", "support": "missing"},
        {"word": "juillet", "support": "said"},
    ]
    log_odds = evidence["intercept"] + sum(f["contribution"] for f in evidence["factors"])
    assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(answer["confidence"], abs=1e-3)
    assert all(list(f) == ["name", "value", "contribution"] for f in evidence["factors"])


FOLLOWED, FOLLOW_UP = "Quelle est la production de munitions de la Russie ?", "et en 2022 ?"


@pytest.mark.usefixtures("indexed")
def test_ask_reads_a_follow_up_with_the_question_before_it(run: Run) -> None:
    alone = json.loads(run("ask", FOLLOW_UP, "--json")[1])
    answer = json.loads(run("ask", FOLLOW_UP, "--follows", FOLLOWED, "--json")[1])
    assert answer["question"] == FOLLOW_UP
    assert answer["confidence"] != alone["confidence"]
    assert "production de munitions" in answer["citations"][0]["text"]
    lines = [{"question": FOLLOW_UP, "follows": FOLLOWED}, {"question": FOLLOW_UP}]
    _, out, _ = run("ask", "--jsonl", stdin="\n".join(map(json.dumps, lines)))
    confidences = [json.loads(line)["confidence"] for line in out.splitlines()]
    assert confidences == [answer["confidence"], alone["confidence"]]


@pytest.mark.usefixtures("indexed")
def test_facts_that_there_are_not_are_told_to_be_none(run: Run) -> None:
    assert run("facts", "chocolat")[:2] == (0, "No such fact.\n")
    assert run("facts", "--page", "99")[:2] == (0, "No further facts.\n")
    assert run("facts", "chocolat", "--json")[:2] == (0, "")


@pytest.mark.usefixtures("indexed")
def test_the_console_reads_a_follow_up_with_the_question_before_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter([FOLLOWED, "merci", FOLLOW_UP, ":quit"])
    monkeypatch.setattr("builtins.input", lambda *_: next(lines))
    _, out, _ = run("console")
    assert " ".join(out.split()).count("production de munitions") == 2


@pytest.mark.usefixtures("indexed")
def test_ask_json_has_no_evidence_where_nothing_was_found(run: Run) -> None:
    answer = json.loads(run("ask", "Xylophone zwieback ?", "--json")[1])
    assert (answer["citations"], answer["evidence"]) == ([], None)


@pytest.mark.usefixtures("indexed")
def test_ask_jsonl_answers_every_line_in_order(run: Run) -> None:
    asked = (QUESTIONS / "dev.fr.jsonl").read_text(encoding="utf-8")
    code, out, err = run("ask", "--jsonl", stdin=asked)
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [a["id"] for a in answers] == [json.loads(line)["id"] for line in asked.splitlines()]
    for answer in answers:
        assert answer["verdict"] in ("answered", "uncertain", "unanswered")
        assert 0 <= answer["confidence"] <= 1
        assert len(answer["citations"]) <= 5
        for c in answer["citations"]:
            assert c["snippet"] == c["text"][c["start"] : c["end"]]
            assert len(c["snippet"]) <= 300
            assert all(0 <= start < end <= len(c["snippet"]) for start, end in c["highlights"])


@pytest.mark.usefixtures("indexed")
def test_ask_jsonl_names_a_bad_line_and_answers_the_others(run: Run) -> None:
    lines = """{"id": 1, "question": "Kim ?"}
nope
{"id": 2}

{"id": [3, {"a": null}], "question": "\\ud800"}
{"id": NaN, "question": "Kim ?"}
{"id": {"a": 1e999}, "question": "Kim ?"}
{"id": "8", "question": "Kim ?", "more": NaN}
"""
    code, out, err = run("ask", "--jsonl", stdin=lines)
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, [3, {"a": None}], "8"]
    assert [line.split(":")[0] for line in err.splitlines()] == [f"Line {n}" for n in (2, 3, 6, 7)]
    assert "NaN" not in out


@pytest.mark.usefixtures("indexed")
def test_search_shows_a_page_and_how_many_there_are(run: Run) -> None:
    code, out, _ = run("search", "Corée", "Chine")
    assert code == 0
    assert "1 to 10 of" in out
    _, second, _ = run("search", "Corée", "Chine", "--page", "2")
    assert "11 to" in second
    assert run("search", "chocolat")[1].strip() == "Nothing found."


@pytest.mark.usefixtures("indexed")
def test_show_prints_an_article_or_a_paragraph(run: Run) -> None:
    code, out, _ = run("show", SLUG)
    assert code == 0
    assert "¶\u00a023" in out
    assert "Coopération militaire croissante" in out
    assert "10 933 barils" in run("show", SLUG, "9")[1]
    paragraph = json.loads(run("show", SLUG, "9", "--json")[1])
    assert (paragraph["article"], paragraph["paragraph"]) == (SLUG, 9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "nowhere"), SLUG),
        (("show", SLUG, "99"), "23 paragraphs"),
        (("index", "nowhere"), "does not exist"),
        (("evaluate", "nowhere.jsonl"), "cannot be opened"),
        (("run",), "DISCORD_TOKEN is not set"),
        (("--articles", "nowhere", "ask", "Kim ?"), "does not exist"),
    ],
)
def test_a_failure_is_a_sentence_and_exit_code_1(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(*arguments)
    assert code == 1
    assert words in " ".join((out + err).split())
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("ask", ""), ("ask", " ", "--json"), ("ask", "a", "--jsonl"),
     ("ask", "--jsonl", "--follows", "a"),
     ("--port", "1", "check"), ("--no-browser", "console"),
     ("nonsense",), ("show", SLUG, "zero"), ("show", SLUG, "0"),
     ("preview", "--port", "70000"), ("search",)],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_help_names_every_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for name in [
        "run",
        "preview",
        "console",
        "ask",
        "search",
        "show",
        "index",
        "evaluate",
        "check",
    ]:
        assert f"\n    {name} " in out
        assert run(name, "--help")[0] == 0


def test_index_makes_the_database_hold_exactly_what_is_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    assert f"{SLUG} added" in run("index", str(BUNDLED_ARTICLES))[1]
    code, out, _ = run("index", str(tmp_path / "mine"))
    assert code == 0
    assert "chats added; paragraphs: 1 added" in out
    assert f"{SLUG} removed; paragraphs: 23 removed; facts: " in out
    report = json.loads(run("index", str(tmp_path / "mine"), "--json")[1])
    assert (report["kept"], report["added"], report["removed"]) == (["chats"], [], [])


def test_other_commands_use_the_database_as_it_stands(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    run("index", str(tmp_path / "chats.md"))
    answer = json.loads(run("ask", "Qui dort ?", "--json", "--articles", str(BUNDLED_ARTICLES))[1])
    assert answer["citations"][0]["article"] == "chats"


def test_database_and_articles_may_stand_before_or_after_the_command(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    options = ["--database", str(tmp_path / "other.db"), "--articles", str(tmp_path / "chats.md")]
    for arguments in ([*options, "check", "--json"], ["check", "--json", *options]):
        found = json.loads(run(*arguments)[1])
        assert found["database"] == str(tmp_path / "other.db")
        assert found["article_names"] == ["chats"]


def test_index_reports_what_could_not_be_read_and_indexes_the_rest(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "mine" / "bad.md").write_text("no title", encoding="utf-8")
    code, out, err = run("index", str(tmp_path / "mine"))
    assert code == 1
    assert "1 added" in out
    assert "bad.md, line 1" in " ".join(err.split())


def test_problems_are_a_list_whose_lines_are_not_broken(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 20)
    folder.mkdir()
    (folder / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    for name in ("a.md", "b.md"):
        (folder / name).write_text("no title", encoding="utf-8")
    err = run("index", str(folder))[2].splitlines()
    assert err[0] == "2 problems:"
    assert [line.startswith(f"• {folder}") for line in err[1:]] == [True, True]
    (folder / "b.md").unlink()
    assert run("index", str(folder))[2].startswith("1 problem:\n")


def test_index_names_what_it_passes_over_each_time(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    front = MARKDOWN.replace("---\n\n", "url: /chats/\ntags: [chat]\n---\n\n")
    (folder / "chats.md").write_text(front, encoding="utf-8")
    (folder / "secret.md").write_text("---\ndraft: true\n---\n\nSecret.\n", encoding="utf-8")
    (folder / "chiens.facts.yaml").write_text("[]", encoding="utf-8")
    for number in range(30):
        (folder / f"photo-{number:02}.png").touch()
    (folder / ".trash").mkdir()
    orphaned = (
        "keeps facts that are not read: no “chiens.md” stands beside it. Name it as its article, "
        "or remove it"
    )
    address = "write an address that starts with http:// or https://"
    wanted = [
        "Left out or not read: 35",
        f"• {folder}/chiens.facts.yaml: {orphaned}",
        f"• {folder}/secret.md, line 2: not read, since it says “draft: true”",
        f"• {folder}/chats.md, line 4: “url: /chats/” is left out: {address}",
        f"• {folder}/.trash: hidden, so not read",
    ]
    for _ in range(2):
        code, out, err = run("index", str(folder))
        assert (code, err) == (0, "")
        lines = out.splitlines()
        at = lines.index(wanted[0])
        assert lines[at : at + 5] == wanted
        pictures = lines[at + 5]
        assert pictures.startswith("• not read: articles end in .md, .markdown, .txt, .html, ")
        assert ": mine/photo-" in pictures
        assert pictures.endswith(" and 10 more")
        assert lines[at + 6] == f"• {folder}/chats.md, line 5: “tags” is not used"
    report = json.loads(run("index", str(folder), "--json")[1])
    assert (len(report["notes"]), report["further_notes"]) == (35, 0)
    assert report["notes"][0] == {
        "kind": "orphan",
        "file": str(folder / "chiens.facts.yaml"),
        "line": None,
        "message": orphaned,
    }


def test_a_report_has_an_end(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    for number in range(60):
        (folder / f"{number}.facts.yaml").touch()
    out = run("index", str(folder))[1].splitlines()
    assert out[-2] == "• and 10 more (--json names them)"


def test_index_warns_of_a_directory_without_articles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, out, err = run("index", str(BUNDLED_ARTICLES), str(tmp_path / "empty"))
    assert (code, err) == (0, f"There is no article in {tmp_path / 'empty'}.\n")
    assert f"{SLUG} added" in out


def test_check_fails_where_the_index_has_a_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "knowledge.db").write_bytes(b"no database at all " * 500)
    code, out, _ = run("check")
    assert code == 1
    assert "Problem" in out
    code, out, _ = run("check", "--json")
    assert code == 1
    assert "knowledge.db" in json.loads(out)["problem"]


def test_a_list_of_articles_tells_how_many_more_there_are(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"a{n:02}", "text": "Le chat dort."}) for n in range(25)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("index", str(tmp_path / "many.jsonl"))
    assert "a19 and 5 more" in " ".join(run("check")[1].split())
    assert len(json.loads(run("check", "--json")[1])["article_names"]) == 20
    assert "a19 and 5 more." in run("show", "nowhere")[2]


@pytest.mark.usefixtures("indexed")
def test_a_question_may_be_several_words(run: Run) -> None:
    words = QUESTION.split()
    answer = json.loads(run("ask", *words, "--json")[1])
    assert answer["question"] == QUESTION
    assert json.loads(run("ask", "--json", *words)[1])["question"] == QUESTION


def test_what_is_read_goes_on_without_articles_and_state(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOURCIER_ARTICLES", str(tmp_path / "chats.md"))
    monkeypatch.setenv("SOURCIER_STATE", str(tmp_path / "file" / "state.db"))
    assert run("index")[0] == 0
    (tmp_path / "chats.md").unlink()
    for arguments in (("ask", "Qui dort ?"), ("search", "chat"), ("show", "chats"), ("check",)):
        assert run(*arguments)[0] == 0, arguments
    code, _, err = run("index")
    assert code == 1
    assert "does not exist" in err


@pytest.mark.parametrize("arguments", [(), ("--no-browser", "--port", "4321"), ("--port", "4321")])
def test_without_a_command_the_preview_takes_its_options(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    asked = {}
    monkeypatch.setattr("bot.cli.commands.is_installed", lambda _: True)
    monkeypatch.setattr(
        "bot.app.preview.run_preview", lambda _, **options: asked.update(options) or 0
    )
    assert run(*arguments)[0] == 0
    assert asked["port"] == (4321 if "--port" in arguments else None)
    assert asked["open_browser"] == ("--no-browser" not in arguments)


def test_a_preview_that_is_not_installed_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.commands.is_installed", lambda _: False)
    for arguments in (("preview",), ("--no-browser",)):
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert 'pip install -e ".[preview]"' in err


@pytest.mark.usefixtures("indexed")
def test_check_tells_what_is_active_and_never_the_token(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")
    monkeypatch.setenv("COLUMNS", "400")  # no path is to be broken
    code, out, err = run("check")
    assert code == 0
    for words in ["1 (23 paragraphs)", SLUG, "SQLite", "Index version", "preview", "set",
                  "State", "state.db", "INFO", "Discord’s own address"]:  # fmt: skip
        assert words in out
    assert "secret" not in out + err + run("check", "--json")[1]


@pytest.mark.usefixtures("indexed")
def test_check_tells_how_large_the_index_is_part_by_part(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = json.loads(run("check", "--json")[1])
    parts = found["index_bytes_by_part"]
    assert list(parts) == ["texts", "postings", "words", "facts", "vectors", "other"]
    assert found["index_bytes"] == Path(found["database"]).stat().st_size
    assert found["index_measured_by"] in ("pages", "lengths")
    assert parts["texts"] > 10_000  # the bundled article alone
    assert sum(parts.values()) + found["index_bytes_free"] <= found["index_bytes"]
    assert found["paragraphs_lacking_vectors"] is None  # SOURCIER_SEMANTIC is off
    monkeypatch.setenv("COLUMNS", "400")
    out = run("check")[1]
    assert f"Size of the index   {found['index_bytes'] / 1e6:,.1f} MB" in out
    assert f"texts {parts['texts'] / 1e6:,.1f}, postings" in out


@pytest.mark.usefixtures("indexed")
def test_check_tells_what_a_rebuild_gives_back_and_it_does(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads(run("check", "--json")[1])
    with closing(sqlite3.connect(before["database"])) as connection, connection:
        connection.execute("CREATE TABLE gone AS SELECT zeroblob(2000000) AS bytes")
        connection.execute("DROP TABLE gone")
    found = json.loads(run("check", "--json")[1])
    assert found["index_bytes_saved_by_rebuild"] == found["index_bytes_free"] > 2_000_000
    monkeypatch.setenv("COLUMNS", "400")
    assert f"makes it {found['index_bytes_free'] / 1e6:,.1f} MB smaller" in run("check")[1]
    assert run("index", "--rebuild")[0] == 0
    after = json.loads(run("check", "--json")[1])
    assert after["index_bytes_saved_by_rebuild"] == 0
    assert after["index_bytes"] <= before["index_bytes"] < found["index_bytes"]
    assert Path(after["database"]).stat().st_size == after["index_bytes"]


def test_check_does_not_compute_what_it_tells_is_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("index", str(BUNDLED_ARTICLES))[0] == 0  # by words
    monkeypatch.setenv("SOURCIER_SEMANTIC", "on")
    monkeypatch.setenv("COLUMNS", "400")
    for _ in range(2):
        assert json.loads(run("check", "--json")[1])["paragraphs_lacking_vectors"] == 23
    assert "23 paragraphs without: “sourcier index” computes them" in run("check")[1]


@pytest.mark.usefixtures("indexed")
def test_check_tells_why_nothing_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(run("check", "--json")[1])["reader"] == "SOURCIER_READER is off"
    monkeypatch.setenv("SOURCIER_READER", "on")
    why = "the extra “reader” is not installed"
    monkeypatch.setattr("bot.cli.check.problem_with_reader", lambda: why)
    monkeypatch.setattr("bot.app.opening.load_reader", lambda **_: None)
    assert json.loads(run("check", "--json")[1])["reader"] == why
    assert why in " ".join(run("check")[1].split())


@pytest.mark.usefixtures("indexed")
def test_evaluate_prints_a_table_or_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = str(QUESTIONS / "dev.fr.jsonl")
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run("evaluate", questions)
    assert code == 0
    assert "…" not in out
    for name in ["hit@1", "hit@3", "snippet@1", "highlight_f1", "auc_offtopic", "paraphrase"]:
        assert name in out
    report = json.loads(run("evaluate", questions, "--json")[1])
    assert report["questions"] == 70
    assert report["figures"]["hit@1"] >= 0.75
    assert report["figures"]["hit@3"] >= 0.85


@pytest.mark.usefixtures("indexed")
def test_evaluate_on_a_corpus_leaves_the_index_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(
        '{"id": "a", "lang": "fr", "title": "A", "text": "Le chat dort au soleil."}\n'
        '{"id": "b", "lang": "fr", "title": "B", "text": "Le chien court."}\n'
    )
    (tmp_path / "q.jsonl").write_text(
        '{"id": "1", "question": "Où dort le chat ?", "gold_ids": ["a"], "answer": "au soleil"}\n'
        '{"id": "2", "question": "Quel vin boire ?", "gold_ids": [], "answer": null}\n'
    )
    code, out, _ = run(
        "evaluate", str(tmp_path / "q.jsonl"), "--corpus", str(tmp_path / "c.jsonl"), "--json"
    )
    figures = json.loads(out)["figures"]
    assert code == 0
    assert (figures["recall@1"], figures["recall@5"], figures["mrr@10"]) == (1, 1, 1)
    assert (figures["answer_in_snippet"], figures["auc_unanswerable"]) == (1, 1)
    assert json.loads(run("check", "--json")[1])["article_names"] == [SLUG]


@pytest.mark.usefixtures("indexed")
def test_a_question_set_with_a_bad_line_names_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "1", "question": "a", "gold": []}\n{"id": "2"}\n')
    code, _, err = run("evaluate", str(tmp_path / "q.jsonl"))
    assert code == 1
    assert "line 2" in " ".join(err.split())


@pytest.mark.usefixtures("indexed")
def test_the_console_answers_until_it_is_left(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter([":context", QUESTION, ":context", ":more", ":articles", f":show {SLUG}",
                  ":show nowhere", ":foo", "help", "", ":quit"])  # fmt: skip
    monkeypatch.setattr("builtins.input", lambda *_: next(lines))
    code, out, _ = run("console")
    assert code == 0
    assert "There is no passage yet." in out
    assert "10 933 barils" in out
    assert "Sur le plan militaire" in out  # the next paragraph
    assert "There is no article “nowhere”." in out
    assert "There is no command :foo." in out
    assert "Sourcier: 1 article, 23 paragraphs." in out
    assert out.count(":quit      leave") == 1
    assert "comes closest" not in out


@pytest.mark.usefixtures("indexed")
def test_the_console_says_that_passages_beside_the_point_are_only_the_nearest(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["Quelle est la recette du gâteau au dîner de Poutine ?", ":context", ":more"])
    monkeypatch.setattr("builtins.input", lambda *_: next(lines, ":quit"))
    ask = KnowledgeBase.ask

    def unsure(self: KnowledgeBase, question: str, **options: Any) -> Answer:
        answer = ask(self, question, **options)
        return replace(answer, verdict=Verdict.UNANSWERED, confidence=0.1, evidence=None)

    monkeypatch.setattr(KnowledgeBase, "ask", unsure)
    _, out, _ = run("console")
    assert "The articles don’t say." in out
    assert out.count("This is only what comes closest:") == 2
    assert "¶" in out


@pytest.mark.usefixtures("indexed")
def test_the_console_ends_with_the_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    assert run("console")[0] == 0


def sourcier(tmp_path: Path, *arguments: str) -> list[str]:
    database = tmp_path / "data" / "knowledge.db"
    return [sys.executable, "-m", "bot", "--database", str(database), *arguments]


@pytest.mark.usefixtures("indexed")
def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    command = sourcier(tmp_path, "show", SLUG)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def shell(tmp_path: Path, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command line under a shell's redirection."""
    command = shlex.join(sourcier(tmp_path, *arguments))
    return subprocess.run(
        ["sh", "-c", f"{command} {redirection}"], capture_output=True, text=True, timeout=60
    )


@pytest.mark.usefixtures("indexed")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("ask", QUESTION), ("ask", QUESTION, "--json"), ("check",)])
def test_a_disk_that_is_full_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = shell(tmp_path, "> /dev/full", *arguments)
    assert done.stderr == "Reading or writing failed: No space left on device.\n"
    assert done.returncode == 1


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("arguments", "redirection", "sentence"),
    [
        (("console",), "<&-", "Standard input is closed.\n"),
        (("ask", "--jsonl"), "<&-", "Standard input is closed.\n"),
        (("ask", "Kim ?"), ">&-", "Standard output is closed.\n"),
        (("ask", "Kim ?", "--json"), ">&-", "Standard output is closed.\n"),
        (("show", "nowhere"), "2>&-", ""),
    ],
)
def test_a_stream_that_is_closed_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], redirection: str, sentence: str
) -> None:
    done = shell(tmp_path, redirection, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
@pytest.mark.parametrize("moment", ["bot.cli.commands", "bot.settings", "knowledge.base"])
def test_ctrl_c_is_one_word_even_while_modules_are_imported(tmp_path: Path, moment: str) -> None:
    program = f"""
import os, signal, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == {moment!r}:
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
sys.meta_path.insert(0, Interrupting())
from bot.cli.main import script
script()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "Interrupted.\n")


@pytest.mark.usefixtures("indexed")
def test_ctrl_c_at_work_is_one_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("knowledge.KnowledgeBase.search", interrupted)
    assert run("search", "Kim") == (1, "", "Interrupted.\n")


@pytest.mark.usefixtures("indexed")
def test_a_terminal_without_unicode_gets_escapes_not_a_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        sourcier(tmp_path, "ask", QUESTION, "--json"),
        env=environment, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout)["question"] == QUESTION


def test_indexing_in_a_terminal_shows_a_progress_bar(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        sourcier(tmp_path, "index", "--rebuild"), stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4_096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert b"Reading articles" in shown
    assert b"1 of 1 article" in shown


def spoil(directory: Path) -> None:
    """Make an article with golden questions answer what it must leave unanswered."""
    (directory / "chats.md").write_text(f"{MARKDOWN}\nLe chien pèse 40 kilogrammes.\n")


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    """A directory with an article and two golden questions about it."""
    directory = tmp_path / "mine"
    directory.mkdir()
    (directory / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    questions = (
        {"id": "dort", "question": "Qui dort ?", "lang": "fr", "gold": ["Le chat dort."]},
        {"id": "poids", "question": "Combien pèse le chien ?", "lang": "fr", "gold": []},
    )
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    (directory / "chats.questions.jsonl").write_text(lines, encoding="utf-8")
    return directory


def test_index_rolls_a_worse_index_back_unless_it_is_forced(run: Run, guarded: Path) -> None:
    assert run("index", str(guarded))[0] == 0
    spoil(guarded)
    code, out, err = run("index", str(guarded))
    assert (code, out) == (1, "")
    assert "Golden questions answered rightly: 1 of 2 (before: 2)" in err
    assert "✗ chats/poids Combien pèse le chien ? · showed chats ¶\u00a02, where" in err
    assert "add --force" in err
    assert run("show", "chats", "2")[0] == 1
    code, out, _ = run("index", str(guarded), "--force")
    assert code == 0
    assert "Golden questions answered rightly: 1 of 2 (before: 2)" in out
    assert run("show", "chats", "2")[0] == 0


def test_index_tells_what_changed_in_an_article(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "chats.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    run("index", str(path))
    path.write_text(MARKDOWN.replace("chat dort", "chat gris dort") + "\nUn an.\n")
    out = run("index", str(path))[1]
    assert "chats changed; paragraphs: 1 added, 1 changed" in out
    assert "  ~ ¶\u00a01 Le chat dort. → Le chat gris dort.\n" in out
    assert "  + ¶\u00a02 Un an.\n" in out
    path.write_text(MARKDOWN, encoding="utf-8")
    (change,) = json.loads(run("index", str(path), "--json")[1])["changes"]
    assert change["paragraphs"] == {"added": 0, "changed": 1, "removed": 1}
    assert [one["kind"] for one in change["differences"] if not one["fact"]] == [
        "changed",
        "removed",
    ]


def test_selftest_exits_with_1_at_a_miss(run: Run, guarded: Path) -> None:
    assert run("index", str(guarded))[0] == 0
    code, out, _ = run("selftest")
    assert code == 0
    assert out.splitlines()[0] == "2 of 2 golden questions answered rightly"
    spoil(guarded)
    run("index", str(guarded), "--force")
    code, out, _ = run("selftest")
    assert code == 1
    assert out.splitlines()[1].startswith("✗ chats/poids Combien pèse le chien ?")
    code, out, _ = run("selftest", "--json")
    test = json.loads(out)
    assert (code, test["hits"], test["total"]) == (1, 1, 2)
    assert [(one["id"], one["miss"]) for one in test["trials"]] == [
        ("dort", None),
        ("poids", "answered"),
    ]


def test_selftest_needs_questions(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chats.md").write_text(MARKDOWN, encoding="utf-8")
    run("index", str(tmp_path / "chats.md"))
    code, _, err = run("selftest")
    assert code == 1
    assert "NAME.questions.jsonl" in err
    code, _, err = run("evaluate")
    assert code == 1
    assert "Name a file of questions" in err


@pytest.mark.usefixtures("indexed")
def test_evaluate_takes_the_golden_questions_by_default(run: Run) -> None:
    code, out, _ = run("evaluate", "--json")
    report = json.loads(out)
    assert (code, report["name"], report["questions"]) == (0, SLUG, 17)
    assert report["figures"]["hit@1"] > 0.9


@pytest.mark.usefixtures("indexed")
def test_check_counts_facts_and_golden_questions(run: Run) -> None:
    findings = json.loads(run("check", "--json")[1])
    assert findings["golden_questions"] == 17
    assert findings["facts"] > 100
    assert findings["articles_lacking_facts"] == 0


@pytest.mark.usefixtures("indexed")
def test_check_tells_which_facts_another_process_is_finding(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.index.writer.LOCK_WAIT_SECONDS", 0.05)
    database = json.loads(run("check", "--json")[1])["database"]
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("UPDATE articles SET lacks_facts = 1")
        other.execute("BEGIN IMMEDIATE")
        code, out, _ = run("check")
    assert code == 0
    assert "(those of 1 article are yet to be found)" in out


def test_the_state_is_backed_up_and_restored(run: Run, tmp_path: Path) -> None:
    code, _, err = run("backup", "copy.db")
    assert code == 1
    assert "There is no state at" in err
    state = State(tmp_path / "data" / "state.db")
    state.servers.change(1, private=True)
    code, out, _ = run("backup", "copy.db")
    assert (code, out) == (0, f"{file_of(state)} was copied to copy.db.\n")
    code, _, err = run("backup", "copy.db")
    assert code == 1
    assert "--overwrite" in err
    assert run("backup", "copy.db", "--overwrite")[0] == 0
    state.servers.change(1, private=False)
    code, out, _ = run("restore", "copy.db")
    assert code == 0
    assert "What it was before is in" in out
    assert "restart it now" in out
    assert state.servers.of(1).private
    code, _, err = run("restore", "nothing.db")
    assert (code, err) == (1, "There is no file nothing.db.\n")


def test_help_imports_neither_the_engine_nor_discord_py() -> None:
    listing = (
        "import sys; from bot.cli.main import main; code = main(['--help']);"
        "print(code, *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    code, *modules = done.stderr.split()
    assert code == "0"
    heavy = {"aiohttp", "discord", "lingua", "numpy", "pydantic", "sqlite_utils", "yaml"}
    assert heavy.isdisjoint(modules)
    assert "knowledge.base" not in modules


def test_a_question_waits_for_nothing_that_the_state_needs() -> None:
    listing = "import sys, bot.cli.dispatch; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    assert {"sqlalchemy", "bot.state"}.isdisjoint(done.stdout.split())
