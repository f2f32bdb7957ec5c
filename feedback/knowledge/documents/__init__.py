"""Documents read into passages: HTML, Markdown, Word, PDF, text and tables of questions."""
