"""The engine: articles in, cited answers out. Knows nothing of Discord."""
