"""Invitations to many who agreed: previewed, approved by a second person, paced, stoppable."""
