"""Other ways of doing the same, each behind one small adapter; they know nothing of Dateline."""
