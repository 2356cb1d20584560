"""A general gazetteer: what states, organisations and months are also called.

``find_names`` reads a text in any of sixteen languages and says which concepts it names, so that
a question's "Kremlin" and "sino-russe" meet an article's "Russia" and "Chine". It is world
knowledge, tuned to no article:

- ``territories.tsv``, ``capitals.tsv``, ``months.tsv``, ``months_short.tsv``: Unicode CLDR,
  written by ``knowledge.training.gazetteer`` (license: UNICODE-LICENSE.txt);
- ``names.tsv``, ``adjectives.tsv``: written by hand, one concept and language a line;
- ``ambiguous.tsv``: words that are names only as their spelling or neighbours show.
"""

from __future__ import annotations

from knowledge.entities.gazetteer.matching import NameMatch, TokenPlaces, find_names, may_name

__all__ = ["NameMatch", "TokenPlaces", "find_names", "may_name"]
