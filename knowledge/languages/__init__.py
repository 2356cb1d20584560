"""What is known of single languages, as data."""
