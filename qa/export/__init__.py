"""Answers and conversations to take along."""
