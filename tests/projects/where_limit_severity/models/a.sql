select * from (values (1, 1), (2, 1), (3, 1), (500, 1)) t(id, same)
