"""French and English words that say nothing about what is asked: function and question words.

Folded (lower case, no accents), since members type both ways. Elided articles are here by their
first letters, because a word is split at its apostrophe.
"""

from __future__ import annotations

__all__ = ["ENGLISH", "FRENCH", "FRENCH_ACCENTED"]

FRENCH = frozenset(
    """
    combien comment lequel laquelle lesquels lesquelles auquel duquel desquels desquelles
    ou pourquoi quand que quel quelle quelles quels qu qui quoi
    a afin ai aie aient ainsi ait alors apres as assez au aucun aucune aujourd auquel aura
    auraient aurait aussi autre autres aux avaient avais avait avant avec avez avoir avons
    ayant
    bah ben bien bonjour bonsoir
    c ca car ce ceci cela celle celles celui cependant certains ces cet cette ceux chacun
    chaque chez ci comme concernant contre
    d dans de deja depuis des desormais devrai devrais devrait devraient dire dis disait dit
    dites doit dois doivent donc dont du
    elle elles en encore entre es est et etaient etais etait etant ete etes etre eu eut eux
    faire fais faisait faisaient faisant fait faites faut feront fera font fois fut furent
    grace
    hein hui
    ici il ils
    j je jusqu jusque
    l la le les leur leurs lors lorsqu lorsque lui
    m ma mais me meme memes merci mes moi moins mon
    n ne ni non nos notre nous
    oh on ont or oui ouais
    par parce pas passe passent passer pendant permet permettre peu peut pouvait pouvoir
    pourra pourraient
    peuvent peux plus plusieurs plutot pour pourrait pourtant pouvez presque puis puisqu
    puisque
    quelqu quelque quelques quoiqu quoique
    rien
    s sa salut sans se selon sera serait seront ses si sinon soi soient sois soit sommes son
    sont sous stp suis suite sur svp
    t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres trop tu
    un une
    va vais vers veut veux voici voila voir vois voit voient vont vu vue vus vues vos votre
    vous voudrais vraiment vs
    y
    """.split()
)
"""French function and question words (folded)."""

ENGLISH = frozenset(
    """
    how what when where which who whom whose why
    a about after again all also although am an and any anyone anything are as at
    be because been before being between both but by
    can could
    d did didn do does doesn doing don done during
    each either else ever every
    few for from further
    get gets give go going got
    had has have having he hello her here hers hey hi him his hmm
    i if in into is isn it its itself
    just
    know
    ll let like
    m many may me might more most much must my
    no nor not now
    of off ok on once one only onto or other our ours out over own
    please
    re really
    s said same say says shall she should since so some someone something still such
    t tell than thank thanks that the their theirs them then there these they this those
    though through to too
    under until up upon us
    ve very
    was wasn we were weren while will with within without won would wouldn
    yes you your yours
    """.split()
)
"""English function and question words (folded)."""

FRENCH_ACCENTED = frozenset(
    """
    à après ça çà dès désormais déjà étaient étais était étant étiez étions été êtes
    être eût fût grâce là même mêmes où passé plutôt près très voilà
    """.split()
)
"""French function words that are written with accents; others that fold to one are content."""
