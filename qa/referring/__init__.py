"""What "he", "the company", "the two countries" and "the rest" mean in a sentence that is shown."""
