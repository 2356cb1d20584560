"""Answers that keep watch: marked when the articles change what they quote."""
