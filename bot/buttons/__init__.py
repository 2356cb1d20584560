"""What clicks do. A button is known by its ``custom_id`` alone, so that it outlives a restart."""
