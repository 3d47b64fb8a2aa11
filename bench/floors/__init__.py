"""The bare parts: the same libraries and write concern, and nothing of our own between them."""
