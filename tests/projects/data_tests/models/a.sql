select * from (values (1, 'x', 10), (1, 'y', 20), (2, null, 30), (3, 'x', null)) t(id, name, amount)
