"""Who reads another service: short tokens, the table of readers, access that has ended."""
