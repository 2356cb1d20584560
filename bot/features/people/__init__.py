"""Asking a person what the articles do not tell, and having the reply."""
