"""Ranked passages to an answer: what is quoted, what is marked, and how sure it is."""
