"""What a consumer could not read or handle, and an operator's acts on it."""
