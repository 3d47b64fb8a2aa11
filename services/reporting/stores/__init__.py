"""Facts, figures and progress, as MongoDB keeps them."""
