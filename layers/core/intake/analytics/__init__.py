"""What happened, added up for those who run the business: figures without words and without names."""
