"""Reports over HTTP: what is asked is judged here, and answers are sent."""
