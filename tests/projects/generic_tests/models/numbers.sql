select * from (values (1, 'a', 1), (2, 'b', 1), (3, 'b', null), (4, 'c', 9)) t(id, word, parent)
