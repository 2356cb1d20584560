"""What one machine holds: speed, size and what is found, against others, as an index grows."""
