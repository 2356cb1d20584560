"""Facts: typed statements, each with the words of an article that say it.

``curated`` reads those written by hand beside an article, ``extraction`` finds others in any text
(French and English, by rules), ``lookup`` finds both by their words, ``measuring`` holds what was
extracted against facts by hand.
"""

from __future__ import annotations
