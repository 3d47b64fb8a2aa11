"""The documents of the HTTP interfaces, and that they are kept to."""
