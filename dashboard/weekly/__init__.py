"""The executive's week: figures, sentences and seals. Pure; data_sources/weekly keeps them."""
