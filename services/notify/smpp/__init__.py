"""An SMPP 3.4 client: nothing in it knows of the rest of notify."""
