"""A server's own articles: ``/articles``, uploads to be confirmed, and the way back."""
