"""The life of digital signatures: observed."""
