"""Reading articles: ``/article``, passages in context, outlines, and what has changed."""
