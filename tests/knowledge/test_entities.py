"""Mentions: dates, quantities and names in any text, as places in it with what they say."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entities import (
    AnalysedText,
    Approximation,
    DateEntity,
    NamedEntity,
    QuantityEntity,
    QuantitySort,
    dates,
    names,
    quantities,
)
from knowledge.entities.analysis import index_terms, number_terms

Finder = Callable[[str], tuple[DateEntity | QuantityEntity | NamedEntity, ...]]
FINDERS: list[Finder] = [dates, quantities, names]

WORDS = """
le la de du en à et entre plus vingt quatre-vingt-dix 13 2023 8e septembre May January XIXe siècle
av. J.-C. $ % 3\u00a0833 tonnes Kim Jong Un président M. Comité des Nations Unies ( ) . , ; – - ’ '
années 60 19th century 14 h 30 half of the two thirds une dizaine d' « » L' O'Neil 12/09/2023
""".split(" ")


@pytest.mark.parametrize(
    ("text", "said", "start", "end"),
    [
        ("annoncé le 20 janvier 2023 par", "20 janvier 2023", "2023-01-20", "2023-01-20"),
        ("on May 3rd, 2021, the", "May 3rd, 2021", "2021-05-03", "2021-05-03"),
        ("en avril 2019 à", "avril 2019", "2019-04-01", "2019-04-30"),
        ("depuis début avril 2023", "début avril 2023", "2023-04-01", "2023-04-10"),
        ("à la mi-2022", "mi-2022", "2022-05-01", "2022-08-31"),
        ("in late March 2020", "late March 2020", "2020-03-21", "2020-03-31"),
        ("au début de l'année 2020", "début de l'année 2020", "2020-01-01", "2020-04-30"),
        ("in 1066 CE.", "1066 CE", "1066-01-01", "1066-12-31"),
        ("in 1066 ad hoc", "1066", "1066-01-01", "1066-12-31"),
        ("en 1480 avant tout", "1480", "1480-01-01", "1480-12-31"),
        ("en 1480 après J.-C.", "1480 après J.-C.", "1480-01-01", "1480-12-31"),
        ("né en 1850", "1850", "1850-01-01", "1850-12-31"),
        ("au XIXe siècle", "XIXe siècle", "1801-01-01", "1900-12-31"),
        ("nineteenth-century", "nineteenth-century", "1801-01-01", "1900-12-31"),
        ("dans les années 60", "années 60", "1960-01-01", "1969-12-31"),
        ("in the 1970s", "1970s", "1970-01-01", "1979-12-31"),
        ("de 1939 à 1945", "1939 à 1945", "1939-01-01", "1945-12-31"),
        ("(1914-18)", "1914-18", "1914-01-01", "1918-12-31"),
        ("du 3 au 5 mai 2023", "3 au 5 mai 2023", "2023-05-03", "2023-05-05"),
        ("June 3–5, 2019", "June 3–5, 2019", "2019-06-03", "2019-06-05"),
        ("le 2023-09-13", "2023-09-13", "2023-09-13", "2023-09-13"),
        ("le 13/09/2023", "13/09/2023", "2023-09-13", "2023-09-13"),
        ("à l'été 1943", "été 1943", "1943-06-01", "1943-08-31"),
    ],
)
def test_a_date_says_its_first_and_last_day(text: str, said: str, start: str, end: str) -> None:
    [date] = dates(text)
    assert (date.span.of(text), date.start, date.end) == (said, start, end)


def test_a_date_without_a_year_takes_the_one_it_is_given() -> None:
    [date] = dates("Le 13 septembre, Kim a rencontré Poutine.")
    assert date.is_yearless
    assert date.start is None
    assert date.with_year(2023).start == "2023-09-13"


@pytest.mark.parametrize(
    ("text", "said", "first"),
    [
        ("Athènes, en 480 av. J.-C., brûle", "480 av. J.-C.", 480),
        ("in 44 BC, Caesar", "44 BC", 44),
        ("in the 5th century BC", "5th century BC", 500),
        ("au Ve siècle avant J.-C.", "Ve siècle avant J.-C.", 500),
    ],
)
def test_a_year_before_our_era_is_counted_back_from_the_year_1(
    text: str, said: str, first: int
) -> None:
    [date] = dates(text)
    assert date.span.of(text) == said
    assert date.first.year == 1 - first


@pytest.mark.parametrize(
    "text", ["hier", "lundi", "l'année dernière", "last year", "300 av. J.-C."]
)
def test_a_date_that_cannot_be_resolved_is_a_place_alone(text: str) -> None:
    [date] = dates(text)
    assert date.start is None
    assert date.end is None


@pytest.mark.parametrize(
    "text", ["1500 personnes", "1 500", "May I come?", "2000 €", "il marche", "version 3.2020"]
)
def test_what_looks_like_a_date_is_none(text: str) -> None:
    assert dates(text) == ()


@pytest.mark.parametrize(
    ("text", "said", "value", "sort", "unit"),
    [
        ("3\u00a0833 tonnes de farine de blé", None, 3833, "mass", "tonne"),
        ("a duré plus de cinq heures et", "plus de cinq heures", 5, "duration", "hour"),
        ("de −17 °C à", "−17 °C", -17, "temperature", "degree"),
        ("un solde de -3,2 millions d'euros", "-3,2 millions d'euros", -3.2e6, "money", "euro"),
        ("from +4 °C", "+4 °C", 4, "temperature", "degree"),
        ("lies at –310 metres", "–310 metres", -310, "length", "metre"),
        ("a duré deux heures et demie", "deux heures et demie", 2.5, "duration", "hour"),
        ("pèse trois kilos et demi.", "trois kilos et demi", 3.5, "mass", "kilogram"),
        ("two and a half hours", None, 2.5, "duration", "hour"),
        ("half a tonne", None, 0.5, "mass", "tonne"),
        ("is a mile and a half long", "a mile and a half", 1.5, "length", "mile"),
        ("ouvre à 8 h. 30 du matin", "8 h. 30", 510, "time", "minute of day"),
        ("left at 6 a.m. from", "6 a.m.", 360, "time", "minute of day"),
        ("quatre-vingt-dix-sept", None, 97, "count", None),
        ("soixante et onze ans", None, 71, "duration", "year"),
        ("two hundred and five soldiers died", "two hundred and five soldiers", 205, "count", None),
        ("deux mille trois cents euros", None, 2300, "money", "euro"),
        ("$2.5 billion in aid", "$2.5 billion", 2.5e9, "money", "dollar"),
        ("une dizaine de personnes", None, 10, "count", None),
        ("34 percent of", "34 percent", 0.34, "share", "percent"),
        ("20 pour cent", None, 0.2, "share", "percent"),
        ("les trois quarts des pays", None, 0.75, "share", None),
        ("âgé de 18 ans", "18 ans", 18, "age", "year"),
        ("5 years old", "5 years", 5, "age", "year"),
        ("à 14 h 30 ce jour", "14 h 30", 870, "time", "minute of day"),
        ("1 200 km²", None, 1200, "area", "square kilometre"),
        ("120 km/h", None, 120, "speed", "kilometre per h"),
        ("8e Congrès", None, 8, "ordinal", None),
        ("un an", None, 1, "duration", "year"),
        ("10⁶ litres", None, 1e6, "volume", "litre"),
        ("4×10³ litres", None, 4000, "volume", "litre"),
        ("10⁻³ g", None, 0.001, "mass", "gram"),
        ("3\u00a0200² francs", None, 3200, "money", "franc"),
        ("7 m³", None, 7, "volume", "cubic metre"),
    ],
)
def test_a_quantity_says_its_value_and_unit(
    text: str, said: str | None, value: float, sort: str, unit: str | None
) -> None:
    [quantity] = quantities(text)
    assert quantity.span.of(text) == (said or text)
    assert quantity.value == pytest.approx(value)
    assert (quantity.sort, quantity.unit) == (sort, unit)


@pytest.mark.parametrize(
    ("text", "meant", "upper"),
    [
        ("au moins sept domaines", Approximation.AT_LEAST, None),
        ("plus de 2 800 tonnes de maïs", Approximation.MORE_THAN, None),
        ("environ 30 hommes", Approximation.ABOUT, None),
        ("up to 40 men", Approximation.UP_TO, None),
        ("trois points", Approximation.EXACT, None),
        ("entre 10 et 11 millions de cartouches", Approximation.RANGE, 11e6),
        ("50% to 60%", Approximation.RANGE, 0.6),
    ],
)
def test_a_quantity_says_how_exactly_it_is_meant(
    text: str, meant: Approximation, upper: float | None
) -> None:
    [quantity] = quantities(text)
    assert quantity.approximation is meant
    assert quantity.upper == (None if upper is None else pytest.approx(upper))
    assert quantity.span.of(text) == text


def test_a_quantity_says_what_is_counted() -> None:
    text = "2 millions de cartouches par an, trois missiles balistiques et 3 833 tonnes de blé"
    counted = [q.counted.of(text) for q in quantities(text) if q.counted is not None]
    assert counted == ["cartouches", "missiles balistiques", "blé"]


def test_numbers_of_dates_and_designations_are_no_quantities() -> None:
    assert quantities("Le 13 septembre 2023, la COVID-19 et l'A380 de 1998") == ()


def test_milliers_have_no_value() -> None:
    [quantity] = quantities("des milliers de soldats")
    assert quantity.value is None
    assert quantity.sort is QuantitySort.COUNT


@pytest.mark.parametrize(
    ("text", "said", "kind", "role"),
    [
        ("Or le président russe Vladimir Poutine a dit", "Vladimir Poutine", "person",
         "président russe"),
        ("avec le commandant de la marine Kim Myeong Sik.", "Kim Myeong Sik", "person",
         "commandant de la marine"),
        ("Jo Chun Ryong, directeur général de l’industrie,", "Jo Chun Ryong", "person",
         "directeur général de l’industrie"),
        ("Prime Minister Winston Churchill spoke", "Winston Churchill", "person",
         "Prime Minister"),
        ("avec M. Dupont hier", "Dupont", "person", None),
        ("selon le Comité des sanctions du Conseil de sécurité des Nations Unies",
         "Comité des sanctions du Conseil de sécurité des Nations Unies", "organisation", None),
        ("a student of Harvard University", "Harvard University", "organisation", None),
        ("le groupe Wagner", "Wagner", "organisation", None),
        ("vers la Corée du Nord", "Corée du Nord", "place", None),
        ("dans la ville de Kolwezi", "Kolwezi", "place", None),
        ("avec Ludwig van Beethoven", "Ludwig van Beethoven", None, None),
    ],
)  # fmt: skip
def test_a_name_says_what_bears_it(
    text: str, said: str, kind: str | None, role: str | None
) -> None:
    [name] = names(text)
    assert name.span.of(text) == said
    assert kind is None or name.kind == kind
    assert (None if name.role is None else name.role.of(text)) == role


@pytest.mark.parametrize(
    "text",
    [
        "The first night train from Brussels to Vienna left on 14 December 2024.",
        "The first night train from Vienna to Brussels left on 14 December 2024.",
        "Le premier train de nuit de Bruxelles à Vienne est parti le 14 décembre 2024.",
        "Le premier train de nuit de Vienne à Bruxelles est parti le 14 décembre 2024.",
        "The ministers met in Brussels.",
        "Les ministres se sont réunis à Bruxelles.",
        "À Bruxelles, on dort.",
        "Brussels, capital of Belgium, has a million inhabitants.",
        "Bruxelles a un million d'habitants.",
        "The mayor of Brussels said that he was glad.",
        "Le maire de Bruxelles a annoncé sa démission.",
        "He flew to Brussels. Said his wife: stay.",
        "He said Brussels was cold.",
        "Brussels is considered a rich city.",
        "The Brussels plans were dropped.",
        "Il passe par Bruxelles, puis par Vienne.",
    ],
)
def test_a_seat_that_stands_for_an_organisation_is_a_city_where_it_does_nothing(text: str) -> None:
    (city,) = [one for one in names(text) if one.span.of(text) in ("Brussels", "Bruxelles")]
    assert city.kind == "place"


@pytest.mark.parametrize(
    "text",
    [
        "Brussels said that the rules would change.",
        "On Monday, Brussels has also proposed new rules.",
        "Brussels is considering new tariffs.",
        "According to Brussels, the rules will change.",
        "“The rules will change”, said Brussels.",
        "Bruxelles a également annoncé de nouvelles règles.",
        "Bruxelles l'a annoncé lundi.",
        "Londres et Bruxelles ont confirmé leur accord.",
        "Selon Bruxelles, les règles changeront.",
        "D'après Bruxelles, les règles changeront.",
        "Les règles changeront, a annoncé Bruxelles.",
        "Bruxelles n'exige rien.",
    ],
)
def test_a_seat_that_says_or_decides_is_the_organisation(text: str) -> None:
    (seat,) = [one for one in names(text) if one.span.of(text) in ("Brussels", "Bruxelles")]
    assert seat.kind == "organisation"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("l'est de l'Ukraine (le Donbass)", {"Ukraine": "place", "Donbass": "place"}),
        (
            "près de Lozova et de Barvinkove, dans l'est de l'Ukraine",
            {"Lozova": "place", "Barvinkove": "place", "Ukraine": "place"},
        ),
        ("On parle de Kherson, ville du sud.", {"Kherson": "place"}),
        ("He left Reykholt, a village in Iceland.", {"Reykholt": "place", "Iceland": "place"}),
        ("À Bakhmout, on dort.", {"Bakhmout": "place"}),
        ("Il a quitté Zentrix, groupe suédois.", {"Zentrix": "organisation"}),
        ("He left Zentrix, the bank, in May.", {"Zentrix": "organisation"}),
        ("the Nobel Prize in Physics", {"Nobel Prize": None, "Physics": None}),
        ("les Nord-Coréens et les Néo-Zélandais", {"Nord-Coréens": None, "Néo-Zélandais": None}),
        ("The South Koreans left.", {"South Koreans": None}),
        ("puis à Estusia Blau et Anna Petit", {"Estusia Blau": None, "Anna Petit": "person"}),
        ("la Frise, la Gueldre, un roi d'ici", {"Frise": None, "Gueldre": None}),
    ],
)
def test_what_stands_beside_a_name_tells_what_bears_it(
    text: str, kinds: dict[str, str | None]
) -> None:
    assert {name.span.of(text): name.kind and name.kind.value for name in names(text)} == kinds


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Son directeur général, Guillaume Faury, vise plus.", "directeur général"),
        ("Tim Cook, the company’s chief executive, left.", "chief executive"),
        ("Marie Curie, physicienne polonaise, est là.", "physicienne polonaise"),
        ("Avec le ministre, Paul Martin a chanté.", None),
    ],
)
def test_an_apposition_tells_a_role(text: str, role: str | None) -> None:
    [name] = names(text)
    assert (None if name.role is None else name.role.of(text)) == role


@pytest.mark.parametrize("text", ["Désireux de partir, il dort.", "Le lundi, on dort.", "The end."])
def test_the_capital_of_a_sentence_makes_no_name(text: str) -> None:
    assert names(text) == ()


def test_a_short_name_shares_the_kind_of_the_long_one() -> None:
    text = "Le ministre Jean Dupont est venu. Avec lui, Dupont a parlé."
    assert [str(name.kind) for name in names(text)] == ["person", "person"]


@pytest.mark.parametrize("find", FINDERS)
@given(text=st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
@settings(max_examples=300)
def test_mentions_lie_in_any_text_in_order_and_apart(find: Finder, text: str) -> None:
    found = find(text)
    end = 0
    for mention in found:
        assert end <= mention.span.start < mention.span.end <= len(text)
        end = mention.span.end
        if isinstance(mention, QuantityEntity):
            assert mention.span.contains(mention.number)
            assert mention.span.contains(mention.measure)


@pytest.mark.parametrize("find", FINDERS)
@pytest.mark.parametrize(
    "part", ["1 ", "1.", "a", "A", "A ", "A-", "de ", "A de ", "1/1/", "mai ", "un ", "’", "X,",
             "vingt et ", "1-", "1939-", "entre 1 et ", "M. ", "président de la ", "9" * 50 + " "]
)  # fmt: skip
def test_hostile_text_is_read_to_its_end(find: Finder, part: str) -> None:
    text = (part * 10_000)[:10_000]  # a scanner that goes back and forth would never return
    assert all(0 <= mention.span.start < mention.span.end <= len(text) for mention in find(text))


COUNTED = """
un une des two cent vingt et-un vingt-deux mille 20mille deux2 million centaine douzaine demi half
trois-quarts sixty - ' ’ 2,5 10 933 of the a bn soixante-dix . ! | Cent Deux M. 1. … 。 chats
chats-deux 漢deux deux漢 deux² _deux deux_ deuxﹰ deux/trois (deux) zéro ½deux et-deux
""".split()


@given(
    st.lists(st.sampled_from(COUNTED) | st.just("\n- "), max_size=8).map(" ".join),
    st.sampled_from(["fr", "en"]),
)
def test_every_number_in_letters_is_indexed_in_digits(text: str, language: str) -> None:
    names = index_terms(AnalysedText(text, language)).names
    written = list(number_terms(AnalysedText(text, language)))
    assert [(one.span, one.terms[0]) for one in names if one.terms[0].isdigit()] == written
