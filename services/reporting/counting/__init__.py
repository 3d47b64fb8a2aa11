"""What facts come to, as differences of the figures. Pure."""
