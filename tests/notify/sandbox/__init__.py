"""Stand-ins for the providers, as faithful as what is known of them."""
