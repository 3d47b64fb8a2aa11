"""Teams: formed, deployed, joined, left, disbanded."""
