"""One reader per kind of question: each turns the words into a plan, or says that it is not its kind."""
