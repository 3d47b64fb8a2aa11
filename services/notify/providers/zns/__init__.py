"""Zalo (ZNS): sending, its tokens, what its answers say, and what it calls."""
