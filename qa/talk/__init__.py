"""Conversations: a follow-up read in the light of the questions before it; numbers and links that last."""
