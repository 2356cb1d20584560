"""Write the tables that come from Unicode CLDR: territories, capitals and months.

    python -m knowledge.training gazetteer

Needs Babel (https://babel.pocoo.org), which packages CLDR; nothing at run time does. Territories
are CLDR's own names, capitals are the exemplar cities of its time zones (CLDR has no table of
capitals, so that those that name no zone are written by hand in ``names.tsv``), months are its
full and abbreviated month names as used within a date and alone.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import cast

from babel import Locale
from babel.core import get_cldr_version

from knowledge.entities import gazetteer
from knowledge.training.fitting import PROGRAM

__all__ = ["main"]

_LOCALES = {
    "fr": ("fr",), "en": ("en",), "es": ("es",), "de": ("de",), "it": ("it",), "pt": ("pt",),
    "nl": ("nl",), "pl": ("pl",), "ru": ("ru",), "uk": ("uk",), "ko": ("ko",), "ja": ("ja",),
    "zh": ("zh_Hans", "zh_Hant"), "ar": ("ar",), "tr": ("tr",), "vi": ("vi",),
}  # fmt: skip
_REGIONS = {
    "002": "africa", "142": "asia", "150": "europe", "009": "oceania", "003": "northamerica",
    "005": "southamerica", "013": "centralamerica", "419": "latinamerica", "029": "caribbean",
    "143": "centralasia", "035": "southeastasia",
}  # fmt: skip
_NOT_TERRITORIES = {"XA", "XB", "ZZ", "QO", "EZ"}
# How languages mark Hong Kong and Macao as special administrative regions: not part of the name.
_SPECIAL_REGION = re.compile(
    r"R\.A\.S\. chinoise de |RAE de | SAR China|Sonderverwaltungsregion | SAR van China|^SRA "
    r"|RAS di |, .*$|中华人民共和国|中華人民共和国|特別行政区|中国(?=香港|澳门)|中國(?=香港|澳門)"
    r"|特别行政区|特別行政區|Đặc khu Hành chính | الصينية| ÖİB| Özel.*$|Çin "
)
_PARENTHESIS = re.compile(r"\s*[(（]([^)）]*)[)）]")
# Zones named for a capital, by country; for all others CLDR names another city or the country.
_CAPITAL_ZONES = """
    AF Asia/Kabul, AL Europe/Tirane, AM Asia/Yerevan, AO Africa/Luanda, AR America/Buenos_Aires,
    AT Europe/Vienna, AX Europe/Mariehamn, AZ Asia/Baku, BA Europe/Sarajevo, BD Asia/Dhaka,
    BF Africa/Ouagadougou, BG Europe/Sofia, BJ Africa/Porto-Novo, BO America/La_Paz,
    BS America/Nassau, BT Asia/Thimphu, BW Africa/Gaborone, BY Europe/Minsk,
    CD Africa/Kinshasa, CF Africa/Bangui, CG Africa/Brazzaville, CL America/Santiago,
    CO America/Bogota, CU America/Havana, CY Asia/Nicosia, CZ Europe/Prague, DE Europe/Berlin,
    DK Europe/Copenhagen, DO America/Santo_Domingo, DZ Africa/Algiers, EE Europe/Tallinn,
    EG Africa/Cairo, EH Africa/El_Aaiun, ER Africa/Asmera, ES Europe/Madrid,
    ET Africa/Addis_Ababa, FI Europe/Helsinki, FK Atlantic/Stanley,
    FR Europe/Paris, GA Africa/Libreville, GB Europe/London, GE Asia/Tbilisi,
    GF America/Cayenne, GH Africa/Accra, GL America/Godthab, GM Africa/Banjul,
    GN Africa/Conakry, GQ Africa/Malabo, GR Europe/Athens, GW Africa/Bissau,
    HN America/Tegucigalpa, HR Europe/Zagreb, HT America/Port-au-Prince, HU Europe/Budapest,
    ID Asia/Jakarta, IE Europe/Dublin, IL Asia/Jerusalem, IQ Asia/Baghdad, IR Asia/Tehran,
    IS Atlantic/Reykjavik, IT Europe/Rome, JO Asia/Amman, JP Asia/Tokyo, KE Africa/Nairobi,
    KG Asia/Bishkek, KH Asia/Phnom_Penh, KP Asia/Pyongyang, KR Asia/Seoul, LA Asia/Vientiane,
    LB Asia/Beirut, LI Europe/Vaduz, LK Asia/Colombo, LR Africa/Monrovia, LS Africa/Maseru,
    LT Europe/Vilnius, LV Europe/Riga, LY Africa/Tripoli, MD Europe/Chisinau,
    ME Europe/Podgorica, MG Indian/Antananarivo, MH Pacific/Majuro, MK Europe/Skopje,
    ML Africa/Bamako, MN Asia/Ulaanbaatar, MR Africa/Nouakchott, MX America/Mexico_City,
    MY Asia/Kuala_Lumpur, MZ Africa/Maputo, NA Africa/Windhoek, NC Pacific/Noumea,
    NE Africa/Niamey, NI America/Managua, NL Europe/Amsterdam, NO Europe/Oslo, NP Asia/Katmandu,
    OM Asia/Muscat, PE America/Lima, PG Pacific/Port_Moresby, PH Asia/Manila,
    PL Europe/Warsaw, PT Europe/Lisbon, PY America/Asuncion, RO Europe/Bucharest,
    RS Europe/Belgrade, RU Europe/Moscow, RW Africa/Kigali, SA Asia/Riyadh,
    SD Africa/Khartoum, SE Europe/Stockholm, SI Europe/Ljubljana, SK Europe/Bratislava,
    SL Africa/Freetown, SN Africa/Dakar, SO Africa/Mogadishu, SR America/Paramaribo,
    SS Africa/Juba, ST Africa/Sao_Tome, SY Asia/Damascus, SZ Africa/Mbabane,
    TD Africa/Ndjamena, TG Africa/Lome, TH Asia/Bangkok, TJ Asia/Dushanbe, TL Asia/Dili,
    TM Asia/Ashgabat, TT America/Port_of_Spain, TV Pacific/Funafuti, TW Asia/Taipei,
    UA Europe/Kiev, UG Africa/Kampala, UY America/Montevideo, UZ Asia/Tashkent,
    VE America/Caracas, WS Pacific/Apia, ZM Africa/Lusaka, ZW Africa/Harare
"""

_Row = dict[str, list[str]]


def _territory_names(locale: Locale, code: str) -> list[str]:
    name = cast("Mapping[str, str]", locale.territories).get(code, "")
    if code in {"HK", "MO"}:
        name = _SPECIAL_REGION.sub("", name)
    aside = _PARENTHESIS.search(name)
    names = [name if code == "SX" else _PARENTHESIS.sub("", name)]  # the Dutch part of an island
    if aside is not None and code == "MM":  # "Myanmar (Birmanie)": two names of one state
        names.append(aside[1])
    if code in {"VG", "VI", "UM"} and aside is not None:  # "Виргинские о-ва (США)": two territories
        return []
    if locale.language == "en":
        names += [n.replace(" & ", " and ") for n in names if " & " in n]
        names += [n.replace("St. ", "Saint ") for n in names if n.startswith("St. ")]
    return names


def _territories() -> Mapping[str, _Row]:
    known = cast("Mapping[str, str]", Locale.parse("en").territories)
    codes = {code for code in known if len(code) == 2} - _NOT_TERRITORIES
    return {
        _REGIONS.get(code, code.lower()): _row(
            (language, _territory_names(Locale.parse(locale), code))
            for language, locales in _LOCALES.items()
            for locale in locales
        )
        for code in [*sorted(codes), *_REGIONS]
    }


def _capitals() -> Mapping[str, _Row]:
    rows: dict[str, _Row] = {}
    for entry in _CAPITAL_ZONES.split(","):
        code, zone = entry.split()
        rows[code.lower()] = _row(
            (language, [_city(Locale.parse(locale), zone)])
            for language, locales in _LOCALES.items()
            for locale in locales
        )
    return rows


def _city(locale: Locale, zone: str) -> str:
    """Return the zone's exemplar city: CLDR leaves it out where the identifier says the same."""
    zones = cast("Mapping[str, Mapping[str, str]]", locale.time_zones)
    city = zones.get(zone, {}).get("city", "")
    is_latin = locale.language not in {"ru", "uk", "ko", "ja", "zh", "ar"}
    return city or (zone.rsplit("/", 1)[1].replace("_", " ") if is_latin else "")


def _months(widths: Iterable[str]) -> Mapping[str, _Row]:
    rows: dict[str, _Row] = {}
    for month in range(1, 13):
        rows[f"month{month}"] = _row(
            (language, [_month(Locale.parse(locale), context, width, month)])
            for language, locales in _LOCALES.items()
            for locale in locales
            if language not in {"ko", "ja", "zh"}  # written with digits, which the matcher reads
            for context in ("format", "stand-alone")
            for width in widths
        )
    return rows


def _month(locale: Locale, context: str, width: str, month: int) -> str:
    months = cast("Mapping[str, Mapping[str, Mapping[int, str]]]", locale.months)
    return months[context][width][month].rstrip(".")


def _row(cells: Iterable[tuple[str, list[str]]]) -> _Row:
    row: _Row = {}
    for language, names in cells:
        cell = row.setdefault(language, [])
        cell += [n for n in dict.fromkeys(names) if n and n not in cell]
    return row


def _write(table: Path, title: str, rows: Mapping[str, _Row]) -> None:
    source = f"Unicode CLDR {get_cldr_version()} through Babel {version('babel')}"
    header = [
        f"# {title}",
        f"# {source}; Unicode License v3, see UNICODE-LICENSE.txt.",
        "# Generated by: python -m knowledge.training gazetteer. Do not edit; add names.tsv lines.",
        "\t".join(["concept", *_LOCALES]),
    ]
    lines = [
        "\t".join([concept, *("|".join(row.get(language, ())) for language in _LOCALES)])
        for concept, row in rows.items()
    ]
    table.write_text("\n".join([*header, *lines, ""]), encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write ``territories.tsv``, ``capitals.tsv``, ``months.tsv`` and ``months_short.tsv``."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} gazetteer", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path(gazetteer.__file__).parent)
    folder: Path = parser.parse_args(arguments).output
    _write(folder / "territories.tsv", "Countries, territories and continents", _territories())
    _write(folder / "capitals.tsv", "Capitals that a time zone is named for", _capitals())
    _write(folder / "months.tsv", "Months", _months(["wide"]))
    _write(folder / "months_short.tsv", "Abbreviated months", _months(["abbreviated"]))
