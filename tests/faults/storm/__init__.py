"""A storm over real processes: all that can go wrong, again and again, while phones post.

By hand, for a quarter of an hour:  python -m tests.faults.storm --seconds 900
"""
