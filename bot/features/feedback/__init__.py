"""Votes on answers, and ``/feedback``: what did not help."""
