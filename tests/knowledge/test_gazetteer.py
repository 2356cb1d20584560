"""What names in a text stand for: states, organisations, months, in sixteen languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities.gazetteer import TokenPlaces, find_names, may_name
from knowledge.entities.gazetteer.lexicon import load_lexicon, read_table
from knowledge.entities.gazetteer.matching import _IS_READ_ALIKE, _Words
from knowledge.text.tokens import tokenize


def names(text: str) -> list[tuple[str, str]]:
    return [(match.span.of(text), match.concept) for match in find_names(text)]


def concepts(text: str) -> list[str]:
    return [match.concept for match in find_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Corée du Nord, RPDC, nord-coréen, nord-coréennes, Nord-Coréens", "kp"),
        ("North Korea, DPRK, North Korean, North Koreans", "kp"),
        ("Nordkorea, Nordkoreas, nordkoreanische, Nordkoreaner", "kp"),
        ("Corea del Norte, norcoreanos, RPDC", "kp"),
        ("Corea del Nord, nordcoreani; Coreia do Norte, norte-coreanos", "kp"),
        ("Noord-Korea, Noord-Koreaanse, Kuzey Kore'nin", "kp"),
        ("Korea Północna, Korei Północnej, północnokoreańskiego", "kp"),
        ("КНДР, Северной Кореей, северокорейских", "kp"),
        ("КНДР, Північної Кореї, північнокорейський", "kp"),
        ("北朝鮮 北韓 朝鲜 북한의 Triều Tiên وكوريا الشمالية", "kp"),
        ("la Russie, russes, la Fédération de Russie", "ru"),
        (
            "Russland, Rusia, rusos, Rosji, Россией, российского, Росії, ロシア, 俄罗斯, 러시아를",
            "ru",
        ),
        ("États-Unis, USA, U.S., US, américaine, les usa, EE.UU., США, 米国, 美国, 미국", "us"),
        ("ONU, Nations unies, onusiennes, UN, United Nations, ООН, 國連 国連 聯合國, 유엔", "un"),
        ("OTAN, l'otan, Nato, NATO, atlantiste, НАТО", "nato"),
        ("Covid, COVID-19, coronavirus, SARS-CoV-2, коронавируса", "covid"),
        ("juin, June, junio, Juni, giugno, czerwca, июня, червня, 6月, 6월, tháng 6", "month6"),
    ],
)
def test_a_concept_is_known_by_all_its_names(text: str, expected: str) -> None:
    found = concepts(text)
    assert set(found) == {expected}
    assert len(found) > text.count(",") - text.count("月")


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("Kremlin", "ru"),
        ("Moscou", "ru"),
        ("Кремля", "ru"),
        ("Kiev", "ua"),
        ("Kyiv", "ua"),
        ("Pyongyang", "kp"),
        ("평양", "kp"),
        ("Maison-Blanche", "us"),
        ("White House", "us"),
        ("Washington", "us"),
        ("Oncle Sam", "us"),
        ("Empire du Milieu", "cn"),
        ("中南海", "cn"),
        ("pays du Soleil levant", "jp"),
        ("Hermit Kingdom", "kp"),
        ("Maison Bleue", "kr"),
        ("Élysée", "fr"),
        ("Quai d’Orsay", "fr"),
        ("outre-Rhin", "de"),
        ("Downing Street", "gb"),
        ("perfide Albion", "gb"),
        ("Sublime Porte", "ottoman"),
        ("Tokyo", "jp"),
        ("Ankara", "tr"),
    ],
)
def test_a_capital_or_nickname_stands_for_its_state(name: str, concept: str) -> None:
    (match,) = find_names(name)
    assert (match.concept, match.is_metonym, match.span.of(name)) == (concept, True, name)


@pytest.mark.parametrize("name", ["RPDC", "DPRK", "Corée du Nord", "nord-coréenne", "USA", "U.S"])
def test_official_names_abbreviations_and_adjectives_are_no_metonyms(name: str) -> None:
    (match,) = find_names(name)
    assert not match.is_metonym


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le sommet Corée du Nord-Russie", [("Corée du Nord", "kp"), ("Russie", "ru")]),
        ("l’Ukraine", [("Ukraine", "ua")]),
        ("les liens sino-russes", [("sino", "cn"), ("russes", "ru")]),
        ("COREE\u00a0DU\u202fNORD", [("COREE\u00a0DU\u202fNORD", "kp")]),
        ("Core\u0301e du Sud", [("Core\u0301e du Sud", "kr")]),
        ("le 5 juin", [("juin", "month6")]),
        ("6月13日", [("6月", "month6")]),
        ("日米と米中", [("日", "jp"), ("米", "us"), ("米", "us"), ("中", "cn")]),
        ("pommes, coree du nord ?", [("coree du nord", "kp")]),
        ("O.N.U.", [("O.N.U", "un")]),
        ("والصليب الأحمر", [("والصليب الأحمر", "redcross")]),
    ],
)
def test_names_are_found_however_they_are_joined_and_spelled(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert names(text) == expected


def test_the_longest_name_wins() -> None:
    assert concepts("République démocratique du Congo") == ["cd"]
    assert concepts("République populaire de Chine") == ["cn"]
    assert concepts("Papua New Guinea") == ["pg"]
    assert concepts("Conseil de sécurité de l'ONU") == ["unsc"]
    assert concepts("South America") == ["southamerica"]


@pytest.mark.parametrize(
    "text",
    [
        "tell us what it is, or let us go in to the car",
        "who is it?",
        "l'un et l'autre, un homme",
        "a turkey sandwich on china plates",
        "polish the table",
        "you may march on",
        "la planète mars et ses lunes",
        "une réunion de la réunion",
        "le duc, ses ducs et y compris",
        "Mais seul celui-ci boit de l'eau",
        "Seul le vin compte.",
        "an island and its islands",
        "Rhode Island",
        "Indian Ocean, océan Indien, インド洋",
        "New Mexico, Nouveau-Mexique, 新墨西哥",
        "Michael Jordan, Jack London, Denzel Washington",
        "Rio de Janeiro",
        "KIM JONG UN, Kim Jong-un",
        "le pentagone a cinq côtés",
        "Este hombre usa esto; nato a febbre",
        "マリアとチリソース",
        "인도적 지원, 가나다",
        "maison blanchie, empire du milieux",
        "",
    ],
)
def test_words_that_only_look_like_names_do_not_fire(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in May, 5 May, May 2023", ["month5"] * 3),
        ("en mars, le 3 mars, mars 2022", ["month3"] * 3),
        ("le 12 sept. 2023", ["month9"]),
        ("Turkey exports turkey", ["tr"]),
        ("in Jordan and Chad", ["jo", "td"]),
        ("La Réunion", ["re"]),
        ("cuisine thaï, Thai food", ["th", "th"]),
        ("Y a-t-il eu ? L'eu, l'UE", ["eu", "eu"]),
        ("Đức và Mỹ", ["de", "us"]),
        ("the US, the UK and the EU", ["us", "gb", "eu"]),
    ],
)
def test_ambiguous_words_fire_where_spelling_or_neighbours_show_a_name(
    text: str, expected: list[str]
) -> None:
    assert concepts(text) == expected


# Too often something else to be found alone: a first name, a county, a city of Spain.
AMBIGUOUS_TERRITORIES = {"Dominique", "Maurice", "Grenade", "Norfolk"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_territory_has_a_french_and_an_english_name_that_is_found(language: str) -> None:
    header, *rows = read_table("territories.tsv")
    column = header.index(language)
    named = {row[0]: row[column].split("|") for row in rows if row[column]}
    for concept, kind, written_in, written in read_table("names.tsv"):
        if kind == "name" and written_in == language:
            named.setdefault(concept, []).extend(written.split("|"))
    territories = {row[0] for row in rows if len(row[0]) == 2}
    assert len(territories) > 250
    for concept in territories:
        for name in set(named[concept]) - AMBIGUOUS_TERRITORIES:
            assert concepts(name)[-1:] == [concept], name


@pytest.mark.parametrize("is_latin", [True, False])
def test_concepts_are_short_ascii_words(is_latin: bool) -> None:
    lexicon = load_lexicon(is_latin=is_latin)
    for name in (*lexicon.words.values(), *lexicon.runs.values()):
        parts = name.concept.split("+") if name.concept else []
        assert all(part.isascii() and part.isalnum() and part.islower() for part in parts)


def test_the_most_mentioned_states_are_found_in_every_language() -> None:
    header, *rows = read_table("territories.tsv")
    for row in rows:
        if row[0] in {"kp", "ru", "us", "cn", "ua", "jp", "fr", "de", "gb"}:
            for language, cell in zip(header[1:], row[1:], strict=True):
                for name in cell.split("|"):
                    assert concepts(name) == [row[0]], (language, name)


SCRIPTS = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from("USNO.-' ’éÉ月월米中露日ー・ا ل و كريةпРоссияΩ\u0301\u064b\n12")
)


@given(
    st.lists(
        SCRIPTS
        | st.sampled_from(["Corée du Nord", "U.S.", "mars", "9月", "북한", "وروسيا", "sino-"])
    ).map("".join)
)
def test_any_text_gives_ordered_spans_within_it(text: str) -> None:
    matches = find_names(text)
    for match in matches:
        assert 0 <= match.span.start < match.span.end <= len(text)
        assert match.concept
    for before, after in pairwise(matches):
        assert before.span.end <= after.span.start


PARTS = """
la Corée du Nord le Caire États-Unis Kremlin mai 12 2023 G7 U.S. ² ʼ É e\u0301 Séoul d' l’ - / (
Otan United Nations 10 933 北京 COVID-19 duc Đức sept. Hong Kong x\u00adx Bruxelles ONU
""".split(" ")


@given(st.lists(st.sampled_from(PARTS), max_size=6), st.sampled_from(["", " ", "-", ", "]))
def test_where_no_word_may_begin_a_name_there_is_none(parts: list[str], between: str) -> None:
    text = between.join(parts)
    if not may_name(text, [token.folded for token in tokenize(text)]):
        assert find_names(text) == ()


@given(
    st.lists(st.sampled_from(PARTS) | SCRIPTS, max_size=6), st.sampled_from(["", " ", "-", ", "])
)
def test_names_are_the_same_whoever_parts_the_text_into_words(
    parts: list[str], between: str
) -> None:
    text = between.join(parts)
    words = list(tokenize(text))
    tokens = TokenPlaces([one.folded for one in words], [(one.start, one.end) for one in words])
    assert find_names(text, tokens) == find_names(text)


def _is_parted_alike(text: str) -> bool:
    words = _Words(text)
    mine = [(words.folded[at], words.start(at), words.end(at)) for at in range(len(words))]
    return mine == [(one.folded, one.start, one.end) for one in tokenize(text)]


@given(st.text(st.characters(max_codepoint=0x2100) | st.sampled_from("0019a., '’_"), max_size=8))
def test_words_are_parted_alike_where_it_is_said_so(text: str) -> None:
    assert not _IS_READ_ALIKE.fullmatch(text) or _is_parted_alike(text)


def test_every_letter_is_parted_alike_where_it_is_said_so() -> None:
    for letter in map(chr, range(0x2100)):
        if _IS_READ_ALIKE.fullmatch(letter):
            assert _is_parted_alike(f"a{letter}b {letter}{letter} {letter}"), letter
