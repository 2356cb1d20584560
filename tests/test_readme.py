"""The documents speak of what is there, in the figures that hold."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = (
    "README.md",
    "bot/README.md",
    "knowledge/README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "bot/operations/README.md",
)
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}
README, MANUAL, ENGINE = (TEXTS[name] for name in DOCUMENTS[:3])

MODULES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("knowledge/**/*.py")])

NUMBER_WORDS = dict(enumerate("no one two three four five six seven eight nine ten".split()))


def without_code(text: str) -> str:
    return re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Return the names that the headings of a document have in links, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 150


def test_two_commands_install_and_run_and_test() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    commands = [block.strip() for block in blocks]
    assert all("\n" not in command for command in commands)
    assert [command.rsplit("/", 1)[-1] for command in commands] == ["sourcier", "pytest"]


def test_every_command_of_the_program_is_named() -> None:
    command = [sys.executable, "-m", "bot", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = re.findall(r"^    (\w+) {2,}", told.stdout, re.MULTILINE)
    assert len(names) == 15
    for name in names:
        assert re.search(rf"^\| .*`(?:sourcier )?{name}\b.* \|$", MANUAL, re.MULTILINE), name


def test_every_setting_is_named_with_its_default() -> None:
    for field in Settings.model_fields.values():
        row = re.search(rf"^\| `{field.validation_alias}` \|.*\| (.+) \|$", MANUAL, re.MULTILINE)
        assert row, field.validation_alias
        if isinstance(field.default, bool):
            assert row[1] == ("`on`" if field.default else "`off`")
        elif isinstance(field.default, Path):
            assert f"`{field.default.name}`" in row[1]
        elif isinstance(field.default, str):
            assert f"`{field.default}`" in row[1]


def test_every_setting_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for field in Settings.model_fields.values():
        assert re.search(rf"^{field.validation_alias}=$", example, re.MULTILINE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_into_the_repository_lead_somewhere(name: str) -> None:
    inside = [
        target
        for target in re.findall(r"\]\(([^)]+)\)", without_code(TEXTS[name]))
        if not target.startswith("http")
    ]
    assert inside
    for target in inside:
        path, _, anchor = target.partition("#")
        there = ((ROOT / name).parent / path if path else ROOT / name).resolve()
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), target


def test_every_document_is_led_to() -> None:
    for name in DOCUMENTS[1:]:
        assert f"]({name}" in README


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_is_named_is_there(name: str) -> None:
    named = re.findall(r"`((?:bot|knowledge|tests|\.ci)/[^`\s*]*)`", TEXTS[name])
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_place_was_left_to_be_filled_in(name: str) -> None:
    for cell in re.findall(r"\| ([^|\n]+) (?=\|)", TEXTS[name]):
        assert not re.fullmatch(r"[A-Z]{4,}", cell.strip("* ")), cell
    assert not re.search(r"^[A-Z]{4,}$", TEXTS[name], re.MULTILINE)


def test_the_changelog_has_the_version_of_the_package() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert version
    released = re.findall(
        r"^## \[(\d[\d.]*)\] - \d{4}-\d\d-\d\d$", TEXTS["CHANGELOG.md"], re.MULTILINE
    )
    assert released[0] == version[1]


def test_commits_are_checked_by_the_ruff_that_is_locked() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (ruff,) = [one for one in hooks["repos"] if one["repo"].endswith("ruff-pre-commit")]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert f"\nruff=={ruff['rev'].removeprefix('v')}\n" in lock
    assert [hook["id"] for hook in ruff["hooks"]] == ["ruff-check", "ruff-format"]


def constant(name: str) -> Any:
    """Return the value of a constant of the program by its name, wherever its module lies.

    "PATTERN:NAME" tells it from others of the name by its module's path. Raises ValueError unless
    there is one alone.
    """
    pattern, _, bare = name.rpartition(":")
    assigned = re.compile(rf"^{bare}(?:: .+)? = ", re.MULTILINE)
    found = [
        path
        for path in (one.relative_to(ROOT) for one in MODULES)
        if fnmatch(path.as_posix(), pattern or "*")
        and assigned.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    if len(found) != 1:
        raise ValueError(f"{name} is in {[str(path) for path in found]}")
    return getattr(importlib.import_module(".".join(found[0].with_suffix("").parts)), bare)


@dataclass(frozen=True)
class Claim:
    """What a document says in ``words``, with the values of ``constants`` for each ``{}``.

    ``a_unit``: what the values are divided by, as in 8 MB of 8,000,000 bytes.
    """

    document: str
    words: str
    constants: tuple[str, ...]
    a_unit: Fraction = Fraction(1)
    in_words: bool = False

    def sentence(self) -> str:
        values: list[Any] = []
        for name in self.constants:
            value = constant(name)
            values += value if isinstance(value, tuple) else (value,)
        needed = self.words.count("{}")
        return self.words.format(*(self.written(value) for value in values[:needed]))

    def written(self, value: float) -> str:
        number = Fraction(str(value)) / self.a_unit
        assert number.denominator == 1, value
        return NUMBER_WORDS[int(number)] if self.in_words else f"{int(number):,}"


MEGABYTE, THOUSANDTH = Fraction(10**6), Fraction(1, 1_000)
BOT, KNOWLEDGE, FRONT = "bot/README.md", "knowledge/README.md", "README.md"
OPERATIONS = "bot/operations/README.md"

CLAIMS = (
    Claim(BOT, "`/ask` has at most {} characters", ("MAX_QUESTION",)),
    Claim(BOT, "a claim with `/check` at most {};", ("MAX_CLAIM",)),
    Claim(BOT, "up to {} replies back", ("LOOK_BACK",), in_words=True),
    Claim(BOT, "ask {} times in {} seconds", ("PER_MEMBER",)),
    Claim(BOT, "a channel, {} times", ("PER_CHANNEL",)),
    Claim(BOT, "looks up {} questions at once", ("*answering*:AT_ONCE",), in_words=True),
    Claim(BOT, "at once, and {} more may wait", ("*answering*:ROOM",)),
    Claim(BOT, "a picture of the first {}, and all", ("MAX_EVENTS",)),
    Claim(BOT, "how fast the last {} answers were", ("*latenc*:KEPT",)),
    Claim(BOT, "of at most {} MB,", ("*/upload_files.py:MAX_BYTES",), MEGABYTE),
    Claim(BOT, "MB, {} characters and", ("*/draft.py:MAX_CHARACTERS",)),
    Claim(BOT, "characters and {} pages", ("*/pdf.py:MAX_PAGES",)),
    Claim(BOT, "`.zip` has at most {} files", ("MAX_ARCHIVE_FILES",)),
    Claim(BOT, "files and {} MB unpacked", ("MAX_UNPACKED_BYTES",), MEGABYTE),
    Claim(BOT, "of `/unanswered`, at most {} characters", ("MAX_ANSWER",)),
    Claim(BOT, "at most {} MB each) come with it", ("MAX_BESIDE_BYTES",), MEGABYTE),
    Claim(BOT, "at most {} articles and {} characters in all",
          ("MAX_ARTICLES", "bot/state/*:MAX_CHARACTERS")),
    Claim(BOT, "waits for {} hours to be confirmed", ("OFFER_HOURS",)),
    Claim(BOT, "the last {} versions before a replacement", ("MAX_EARLIER",), in_words=True),
    Claim(BOT, "can be had back for {} days", ("EARLIER_DAYS",)),
    Claim(BOT, "was replaced or removed {} days more", ("EARLIER_DAYS",)),
    Claim(BOT, "up to {} characters, without mentions", ("MAX_LENGTH",)),
    Claim(BOT, "{} days after it was last asked, {} a server",
          ("*/state/unanswered.py:KEPT_DAYS", "MAX_KEPT")),
    Claim(BOT, "goes after its {} days", ("*/state/unanswered.py:KEPT_DAYS",)),
    Claim(BOT, "not the question | {} days, {} a server |", ("VOTE_DAYS", "MAX_VOTES")),
    Claim(BOT, "taken back | {} days |", ("TIED_DAYS",)),
    Claim(BOT, "what they show | {} days, {} a server |",
          ("*/state/reports.py:KEPT_DAYS", "*/state/reports.py:KEPT")),
    Claim(BOT, "wait for end, for {} seconds at most", ("DRAIN_SECONDS",)),
    Claim(OPERATIONS, "for {} seconds at most. Told", ("DRAIN_SECONDS",)),
    Claim(OPERATIONS, "event loop answers within {} s", ("*monitoring*:PATIENCE_SECONDS",)),
    Claim(OPERATIONS, "shares the models; {} are open", ("MAX_OPEN",)),
    Claim(OPERATIONS, "waits in a queue of {}", ("*answering*:ROOM",)),
    Claim(FRONT, "tied to a member for {} days", ("TIED_DAYS",)),
    Claim(KNOWLEDGE, "At most {} facts a file", ("*/curated.py:MAX_FACTS",)),
    Claim(KNOWLEDGE, "at most {} a file", ("*/golden_questions.py:MAX_QUESTIONS",)),
    Claim(KNOWLEDGE, "({} are asked at most,", ("MAX_TRIALS",)),
    Claim(KNOWLEDGE, "of the first {} passages whether", ("RERANKED",), in_words=True),
    Claim(KNOWLEDGE, "gives it {} ms a question", ("knowledge/*:READING_SECONDS",), THOUSANDTH),
    Claim(KNOWLEDGE, "at most {} characters and always one slice", ("MAX_SNIPPET_CHARACTERS",)),
    Claim(KNOWLEDGE, "{} characters of a question are", ("MAX_QUESTION_CHARACTERS",)),
    Claim(KNOWLEDGE, "has at most {} characters, an", ("MAX_PARAGRAPH_CHARACTERS",)),
    Claim(KNOWLEDGE, "an article file at most {} MB", ("*/article_files.py:MAX_FILE_BYTES",),
          MEGABYTE),
    Claim(KNOWLEDGE, "`.jsonl` file at most {} MB", ("MAX_LINE_BYTES",), MEGABYTE),
    Claim(KNOWLEDGE, "At most {} citations an answer", ("MAX_CITATIONS",)),
)  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.words)
def test_figures_are_those_of_the_program(claim: Claim) -> None:
    assert claim.sentence() in TEXTS[claim.document]


def test_a_constant_that_there_is_not_once_is_an_error() -> None:
    for name in ("NO_SUCH_CONSTANT", "MAX_FILE_BYTES"):
        with pytest.raises(ValueError, match=name):
            constant(name)


def row(label: str) -> list[str]:
    """Return the cells of the engine's table row that begins with ``label``."""
    (found,) = re.findall(rf"^\| {re.escape(label)} \| (.+) \|$", ENGINE, re.MULTILINE)
    return [cell.strip() for cell in found.split("|")]


def fitted(path: str) -> Any:
    return json.loads((ROOT / "knowledge" / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("label", "model"),
    [
        ("words alone", "lexical"),
        ("words and the reader", "lexical, read"),
        ("words and meaning", "dense"),
        ("all", "dense, read"),
    ],
)
def test_what_confidence_lets_through_is_what_was_fitted(label: str, model: str) -> None:
    told = fitted("answers/confidence.json")["fitted"][model]
    assert row(label) == [
        f"{told[f'claimed, {topic}']:.0%}" for topic in ("answered", "missing", "other")
    ]


def test_the_thresholds_are_those_that_are_used() -> None:
    thresholds = fitted("answers/confidence.json")["thresholds"]
    assert (
        f"From a chance of {thresholds['answered']} an answer is shown as sure, "
        f"from {thresholds['uncertain']} as closest passages"
    ) in ENGINE


def test_as_many_questions_are_measured_by_as_is_said() -> None:
    written = ROOT / "tests/data/written"
    articles, questions = (
        len((written / f"dev.{what}.jsonl").read_text(encoding="utf-8").splitlines())
        for what in ("articles", "questions")
    )
    assert f"({questions:,} questions on {articles} articles," in ENGINE


def test_the_models_are_as_large_as_is_said() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "knowledge/neural/artefact").rglob("*.*"))
    assert f"Both models and their vocabulary ({size / 10**6:.0f} MB)" in ENGINE


def test_every_file_that_is_fitted_is_named_with_its_command() -> None:
    made = ROOT / "knowledge/training/__main__.py"
    commands = re.findall(r'^    "(\w+)": "', made.read_text(encoding="utf-8"), re.MULTILINE)
    assert "refit" in commands
    for command in commands:
        assert re.search(
            rf"^\| .* `{command}` \|$|knowledge.training {command}\b", ENGINE, re.MULTILINE
        )
