"""Taking events back."""
