"""Looking up facts and passages: lists, their pages, and the picture of a timeline."""
