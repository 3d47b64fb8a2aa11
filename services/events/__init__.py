"""The published language: what happened, one module a subject. Imports nothing of ours."""
