-- Stems of what everyone may read, by the key of the problem. Contentless: the
-- words themselves stay where they can be erased.
CREATE VIRTUAL TABLE board_search USING fts5 (stems, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
