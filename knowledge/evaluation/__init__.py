"""Labelled questions to figures."""
