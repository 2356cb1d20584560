"""Facts: typed statements, each with the words of an article that say it.

``curated`` reads those written by hand beside an article, ``extraction`` finds others in any text
(French and English, by rules), ``terms`` has the words that both are looked up by.
"""

from __future__ import annotations
