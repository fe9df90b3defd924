"""设置: one page of cards, for both kinds of desk."""
