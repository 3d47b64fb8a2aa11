"""Citizens helped: observed."""
