"""What is done to the built pages: one style sheet, small fonts, late scripts, and what search engines read."""
