"""What is a server's own: articles and their index, settings, what was asked in vain."""
