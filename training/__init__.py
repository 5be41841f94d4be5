"""How the models that come with Dateline were trained. Needs the data sets; not needed to run Dateline."""
