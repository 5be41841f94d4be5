"""The web page's values, scripts, styles and server around the Gradio pages of `app`."""
