"""Each language is complete and fits."""

from __future__ import annotations

import importlib
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
from world import all_words, phrases_in

import bot
from bot.app.features import FEATURES
from bot.features.ask.phrases import PHRASES as ASK
from bot.i18n.localisation import CATALOGUE, LANGUAGES, Catalogue, Language
from bot.i18n.phrases import SHARED
from bot.i18n.translations import Translations
from bot.interactions.feature import Feature

CODES = sorted(CATALOGUE.languages)
PACKAGE = Path(bot.__file__).parent
SHARED_LABELS = ("closest", "in_context", "why", "previous", "next")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def texts(language: Language) -> list[str]:
    """Return all that is said in a language."""
    return [
        text
        for words in all_words()
        for text in (*phrases_in(words, language).values(), *words.commands(language).values())
    ]


def test_every_file_is_a_language_under_its_own_name() -> None:
    assert sorted(path.stem for path in LANGUAGES.glob("*.toml")) == CODES
    assert {"en", "fr"} <= set(CODES)


def test_every_package_that_has_words_has_them_in_every_language() -> None:
    there_are = set(PACKAGE.rglob("phrases.*.toml"))
    folders = {path.parent for path in there_are}
    expected = {folder / f"phrases.{code}.toml" for folder in folders for code in CODES}
    missing = "\n".join(sorted(str(path.relative_to(PACKAGE)) for path in expected - there_are))
    assert not missing, f"copy phrases.en.toml beside each, and translate it:\n{missing}"
    unknown = "\n".join(sorted(str(path.relative_to(PACKAGE)) for path in there_are - expected))
    assert not unknown, f"a language has a file in bot/i18n/languages; these have none:\n{unknown}"


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_the_words_of_its_package(feature: type[Feature]) -> None:
    package = feature.__module__.rpartition(".")[0]
    assert feature.phrases is importlib.import_module(f"{package}.phrases").PHRASES


def test_no_words_are_left_out_of_these_tests() -> None:
    assert len(all_words()) == len(list(PACKAGE.rglob("phrases.en.toml")))


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_the_same_placeholders_as_english(code: str) -> None:
    for words in all_words():
        translated = phrases_in(words, CATALOGUE.languages[code])
        for key, template in phrases_in(words, CATALOGUE.default).items():
            translation = translated[key]
            assert placeholders(translation) == placeholders(template), key
            assert translation.strip() == translation != "", key


@pytest.mark.parametrize("code", CODES)
def test_a_language_fits_discord_s_limits(code: str) -> None:
    language = CATALOGUE.languages[code]
    for name in language.locales:
        assert name in {locale.value for locale in discord.Locale}
    labels = [getattr(SHARED.of(language), label) for label in SHARED_LABELS]
    assert all(len(label) <= 40 for label in (*labels, ASK.of(language).more))
    for words in all_words():
        for key, text in words.commands(language).items():
            assert 1 <= len(text) <= (32 if key.endswith(".name") else 100), key
        assert all(len(text) <= 300 for text in phrases_in(words, language).values())


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_typographic_signs(code: str) -> None:
    for text in texts(CATALOGUE.languages[code]):
        assert "'" not in text
        assert not re.search(" [:;?!»]|« ", text), "a no-break space keeps a sign on its line"


def test_no_locale_belongs_to_two_languages() -> None:
    names = [name for language in CATALOGUE.languages.values() for name in language.locales]
    assert len(set(names)) == len(names)


def test_the_first_language_that_is_spoken_is_chosen() -> None:
    choose = CATALOGUE.choose
    assert choose(None, "xx", discord.Locale.french).code == "fr"
    assert choose("fr", "en-US").code == "fr"
    assert choose(discord.Locale.british_english).code == "en"
    assert choose("tlh", None).code == "en"


@dataclass(frozen=True)
class Phrases:
    said: str


ENGLISH = '[commands]\n"ask.name" = "ask"\n[phrases]\nsaid = "Said"\n'
FRENCH = '[commands]\n"ask.name" = "demander"\n[phrases]\nsaid = "Dit"\n'


def words(folder: Path, french: str | None) -> Translations[Any]:
    (folder / "phrases.en.toml").write_text(ENGLISH, encoding="utf-8")
    if french is not None:
        (folder / "phrases.fr.toml").write_text(french, encoding="utf-8")
    return Translations(folder, Phrases)


def test_words_are_read_in_each_language(tmp_path: Path) -> None:
    read, french = words(tmp_path, FRENCH), CATALOGUE.languages["fr"]
    assert read.of(french) == Phrases("Dit")
    assert read.commands(french) == {"ask.name": "demander"}
    assert read.of(CATALOGUE.default) == Phrases("Said")


@pytest.mark.parametrize(
    ("there", "instead", "named"),
    [
        ("said =", "sad =", "sad, said"),
        ('said = "Dit"', "", "said"),
        ('said = "Dit"', 'said = "Dit"\nmore = "Plus"', "more"),
        ("ask.name", "ask.title", r"ask\.name, ask\.title"),
        ("[phrases]", "[frases]", "frases"),
    ],
)
def test_a_file_with_other_keys_is_refused(
    tmp_path: Path, there: str, instead: str, named: str
) -> None:
    with pytest.raises(ValueError, match=rf"phrases\.fr\.toml: .*: {named}"):
        words(tmp_path, FRENCH.replace(there, instead))


def test_a_language_without_a_file_is_spoken_in_english(tmp_path: Path) -> None:
    read, french = words(tmp_path, None), CATALOGUE.languages["fr"]
    assert read.of(french) == Phrases("Said")
    assert read.commands(french) == {"ask.name": "ask"}


def test_a_language_with_other_keys_is_refused(tmp_path: Path) -> None:
    text = (LANGUAGES / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "en.toml").write_text(text.replace("months =", "moons ="), encoding="utf-8")
    with pytest.raises(ValueError, match="months, moons"):
        Catalogue.load(tmp_path)


def test_numbers_are_written_as_in_the_language() -> None:
    assert Language.read(LANGUAGES / "fr.toml").decimal(1.25, 2) == "1,25"
