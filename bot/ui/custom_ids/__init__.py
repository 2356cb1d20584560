"""What buttons carry in their ``custom_id``: written by layouts, read by buttons."""
