"""Texts: words, sentences, chunks, spelling, and the language that one is written in."""
