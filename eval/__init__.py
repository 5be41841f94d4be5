"""How good the answers are: batch evaluation against gold questions."""
