"""How everything runs in containers."""
